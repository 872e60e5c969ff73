package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.inventory.TaskEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Druid's pages about tasks that only read, under {@code /druid/indexer/v1}. Publications, and what
 * supervisors read, are shown as tasks.
 */
public final class TaskRoutes implements Routes {
  private static final String ROOT = "/druid/indexer/v1";
  private static final String ONE = ROOT + "/task/{id}";

  private final Inventory inventory;

  public TaskRoutes(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.get(ROOT + "/tasks", Access.READ, this::tasks);
    routes.get(
        ROOT + "/completeTasks", Access.READ, context -> list(context, TaskEntry::isComplete));
    routes.get(ROOT + "/runningTasks", Access.READ, context -> list(context, TaskRoutes::runs));
    routes.get(ROOT + "/waitingTasks", Access.READ, context -> list(context, TaskEntry::isWaiting));
    routes.get(ROOT + "/pendingTasks", Access.READ, context -> list(context, task -> false));
    routes.get(ONE + "/status", Access.READ, this::status);
    routes.post(ROOT + "/task", Access.WRITE, TaskRoutes::submit);
    routes.get(ROOT + "/leader", Access.READ, this::leader);
    routes.get(
        ROOT + "/isLeader",
        Access.READ,
        context -> JsonBodies.answer(context, 200, Map.of("leader", true)));
  }

  private static boolean runs(TaskEntry task) {
    return !task.isComplete() && !task.isWaiting();
  }

  private void tasks(Context context) {
    String state = context.queryParam("state");
    if (state == null) {
      list(context, task -> true);
      return;
    }
    list(
        context,
        switch (state) {
          case "complete" -> TaskEntry::isComplete;
          case "running" -> TaskRoutes::runs;
          case "waiting" -> TaskEntry::isWaiting;
          case "pending" -> task -> false;
          default ->
              throw new StarfireException(
                  ErrorCode.INVALID_INPUT,
                  "there is no state '%s' of tasks; there are complete, running, waiting and pending"
                      .formatted(shortened(state)));
        });
  }

  private static String shortened(String text) {
    return text.length() <= 50 ? text : text.substring(0, 50) + "...";
  }

  private void list(Context context, Predicate<TaskEntry> wanted) {
    String dataSource = context.queryParam("datasource");
    String type = context.queryParam("type");
    List<Map<String, Object>> tasks =
        inventory.tasks().stream()
            .filter(wanted)
            .filter(task -> dataSource == null || task.dataSource().equals(dataSource))
            .filter(task -> type == null || task.type().equals(type))
            .map(this::json)
            .toList();
    JsonBodies.answer(context, 200, tasks);
  }

  private Map<String, Object> json(TaskEntry task) {
    Map<String, Object> location = new LinkedHashMap<>();
    location.put("host", inventory.place().host());
    location.put("port", inventory.place().port().getAsInt());
    location.put("tlsPort", -1);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", task.id());
    json.put("groupId", task.id());
    json.put("type", task.type());
    json.put("createdTime", Times.format(task.createdMillis()));
    json.put("queueInsertionTime", Times.format(task.createdMillis()));
    json.put("statusCode", task.status());
    json.put("status", task.status());
    json.put("runnerStatusCode", task.runnerStatus());
    json.put("duration", task.durationMillis());
    json.put("location", location);
    json.put("dataSource", task.dataSource());
    json.put("errorMsg", task.problem());
    return json;
  }

  private void status(Context context) {
    String id = context.pathParam("id");
    TaskEntry task =
        inventory.tasks().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new StarfireException(
                        ErrorCode.NOT_FOUND,
                        "there is no task '%s'; tasks are the publications, and 'realtime-' with the id of a supervisor that reads"
                            .formatted(shortened(id))));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", task.id());
    json.put("status", json(task));
    JsonBodies.answer(context, 200, json);
  }

  private static void submit(Context context) {
    throw new StarfireException(
        ErrorCode.UNSUPPORTED,
        "tasks cannot be posted; load files with 'bin/starfire index --spec SPEC', and topics by a"
            + " supervisor spec that is posted to /druid/indexer/v1/supervisor");
  }

  private void leader(Context context) {
    context.contentType("text/plain; charset=utf-8").result("http://" + inventory.place().name());
  }
}
