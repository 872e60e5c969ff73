package io.starfire.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.serving.access.Role;
import io.starfire.serving.supervisor.ShownSpec;
import io.starfire.serving.supervisor.SupervisorManager;
import io.starfire.serving.supervisor.SupervisorStatus;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Druid's supervisor routes, and {@code newTopic}, under {@code /druid/indexer/v1/supervisor}. */
public final class SupervisorRoutes implements Routes {
  private static final String ROOT = "/druid/indexer/v1/supervisor";

  private final SupervisorManager supervisors;
  private final JsonBodies bodies;
  private final SupervisorJson json;

  /**
   * @param maxBodyBytes of a spec
   * @param clock for the times that answers carry
   */
  public SupervisorRoutes(SupervisorManager supervisors, int maxBodyBytes, InstantSource clock) {
    this.supervisors = supervisors;
    this.bodies = new JsonBodies(maxBodyBytes);
    this.json = new SupervisorJson(clock);
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.post(ROOT, Access.WRITE, this::post);
    routes.get(ROOT, Access.READ, this::list);
    routes.post(
        ROOT + "/suspendAll", Access.WRITE, context -> all(context, this::suspendIfRunning));
    routes.post(
        ROOT + "/resumeAll", Access.WRITE, context -> all(context, this::resumeIfSuspended));
    routes.post(
        ROOT + "/terminateAll",
        Access.WRITE,
        context -> all(context, status -> supervisors.terminate(status.id())));
    // Before the route of an id, which fits this path too.
    routes.get(ROOT + "/history", Access.READ, this::histories);
    routes.get(
        ROOT + "/{id}",
        Access.READ_NAMED,
        context -> answer(context, ShownSpec.of(status(context))));
    routes.get(
        ROOT + "/{id}/status",
        Access.READ_NAMED,
        context -> answer(context, json.status(status(context))));
    routes.get(ROOT + "/{id}/health", Access.READ_NAMED, this::health);
    routes.post(
        ROOT + "/{id}/suspend",
        Access.WRITE_NAMED,
        context -> answer(context, ShownSpec.of(supervisors.suspend(id(context, Role.WRITE)))));
    routes.post(
        ROOT + "/{id}/resume",
        Access.WRITE_NAMED,
        context -> answer(context, ShownSpec.of(supervisors.resume(id(context, Role.WRITE)))));
    routes.post(
        ROOT + "/{id}/newTopic",
        Access.WRITE_NAMED,
        context -> answer(context, supervisors.goOver(id(context, Role.WRITE))));
    routes.post(ROOT + "/{id}/terminate", Access.WRITE_NAMED, this::terminate);
    routes.post(ROOT + "/{id}/shutdown", Access.WRITE_NAMED, this::terminate);
    for (String name : new String[] {"reset", "resetOffsets", "taskGroups/handoff"}) {
      routes.post(ROOT + "/{id}/" + name, Access.WRITE_NAMED, context -> unsupported(name));
    }
    routes.get(ROOT + "/{id}/stats", Access.READ_NAMED, context -> unsupported("stats"));
    routes.get(
        ROOT + "/{id}/history",
        Access.READ_NAMED,
        context -> answer(context, json.history(status(context))));
  }

  private static void unsupported(String name) {
    throw new StarfireException(
        ErrorCode.UNSUPPORTED,
        "'%s' of a supervisor is not in this version; there are status, health, suspend, resume and terminate, and newTopic if its topic was created again"
            .formatted(name));
  }

  private void post(Context context) {
    String id = supervisors.post(new String(bodies.bytes(context), UTF_8));
    answer(context, Map.of("id", id));
  }

  private void list(Context context) {
    boolean full = context.queryParam("full") != null;
    String state = context.queryParam("state");
    if (full || (state != null && !state.equals("false"))) {
      answer(context, supervisors.all().stream().map(status -> json.entry(status, full)).toList());
    } else {
      answer(context, supervisors.all().stream().map(SupervisorStatus::id).toList());
    }
  }

  private void histories(Context context) {
    Map<String, Object> histories = new LinkedHashMap<>();
    supervisors.all().forEach(status -> histories.put(status.id(), json.history(status)));
    answer(context, histories);
  }

  private interface Action {
    void on(SupervisorStatus status);
  }

  private void all(Context context, Action action) {
    supervisors.all().forEach(action::on);
    answer(context, Map.of("status", "success"));
  }

  private void suspendIfRunning(SupervisorStatus status) {
    if (status.row().state() == SupervisorRow.State.RUNNING) {
      supervisors.suspend(status.id());
    }
  }

  private void resumeIfSuspended(SupervisorStatus status) {
    if (status.suspended()) {
      supervisors.resume(status.id());
    }
  }

  private void health(Context context) {
    boolean healthy = status(context).healthy();
    JsonBodies.answer(context, healthy ? 200 : 503, Map.of("healthy", healthy));
  }

  private void terminate(Context context) {
    String id = id(context, Role.WRITE);
    supervisors.terminate(id);
    answer(context, Map.of("id", id));
  }

  private SupervisorStatus status(Context context) {
    return supervisors.status(id(context, Role.READ));
  }

  /** The one that the path names, if the caller has the role for its data source. */
  private static String id(Context context, Role role) {
    String id = context.pathParam("id");
    Callers.require(context, role, id);
    return id;
  }

  private static void answer(Context context, Object value) {
    JsonBodies.answer(context, 200, value);
  }
}
