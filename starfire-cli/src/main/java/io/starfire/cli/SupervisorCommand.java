package io.starfire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.protocol.StarfireClient;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has topics loaded without a pipeline, as Druid's supervisor specs say. */
@Command(
    name = "supervisor",
    description =
        "Loads Kafka topics without a pipeline. A supervisor does what a Druid supervisor spec"
            + " says. Posts, lists, shows, suspends, resumes and terminates supervisors, and lets"
            + " them go on with topics that were created again.",
    mixinStandardHelpOptions = true)
final class SupervisorCommand implements Runnable {
  private static final String ROUTE = "druid/indexer/v1/supervisor";
  private static final byte[] EMPTY_BODY = {};
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Name what to do: post, list, status, suspend, resume, terminate or new-topic.");
  }

  @Command(
      description = {
        "Posts a spec of type 'kafka', and prints the id of its supervisor: the name of the data",
        "source. The spec replaces an earlier one of the same data source. Fields that are ignored",
        "are listed on standard error."
      },
      mixinStandardHelpOptions = true)
  int post(
      @Mixin ServerOption server,
      @Parameters(paramLabel = "FILE", description = "File with the spec. - means standard input.")
          String file) {
    StarfireClient client = server.client();
    String id = client.post(ROUTE, JsonFile.read(file, "spec")).path("id").asText();
    PrintWriter err = spec.commandLine().getErr();
    for (JsonNode warning : client.get(route(id, "status")).path("payload").path("warnings")) {
      err.println("starfire: " + warning.asText());
    }
    err.flush();
    out().println(id);
    return 0;
  }

  @Command(description = "Lists supervisors by id.", mixinStandardHelpOptions = true)
  int list(@Mixin ServerOption server) {
    JsonNode all = server.client().get(ROUTE + "?state=true");
    if (all.isEmpty()) {
      out().println("There are no supervisors.");
    }
    for (JsonNode supervisor : all) {
      out()
          .printf(
              Locale.ROOT,
              "%s  %s  topic %s%n",
              supervisor.path("id").asText(),
              supervisor.path("detailedState").asText(),
              supervisor.path("source").asText());
    }
    return 0;
  }

  @Command(description = "Shows what a supervisor is doing.", mixinStandardHelpOptions = true)
  int status(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    JsonNode payload = server.client().get(route(id, "status")).path("payload");
    out().println("supervisor  " + payload.path("dataSource").asText());
    out().println("topic       " + payload.path("stream").asText());
    out().println("state       " + payload.path("detailedState").asText());
    out().println("detail      " + payload.path("detail").asText());
    out().println("committed   " + payload.path("committedOffsets"));
    out().println("end of log  " + payload.path("latestOffsets"));
    out().println("lag         " + payload.path("aggregateLag").asLong() + " records");
    out()
        .println(
            "rows        " + payload.path("rowsIndexed").asLong() + " since the server started");
    out().println("rejected    " + payload.path("rowsRejected"));
    payload
        .path("recentErrors")
        .forEach(error -> out().println("error       " + error.path("message").asText()));
    payload.path("warnings").forEach(warning -> out().println("warning     " + warning.asText()));
    return 0;
  }

  @Command(
      description = "Stops reading. Rows that were read are handed off first.",
      mixinStandardHelpOptions = true)
  int suspend(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    return act(server, id, "suspend");
  }

  @Command(description = "Lets a suspended supervisor read on.", mixinStandardHelpOptions = true)
  int resume(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    return act(server, id, "resume");
  }

  @Command(
      description =
          "Removes a supervisor. Rows that were read are handed off first. Its data stays.",
      mixinStandardHelpOptions = true)
  int terminate(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    return act(server, id, "terminate");
  }

  @Command(
      name = "new-topic",
      description = {
        "Goes on with the topic of a supervisor after it was deleted and created again, from the",
        "start of the new topic. Rows of the old topic that were committed stay. If the new topic",
        "holds the same records again, they count twice."
      },
      mixinStandardHelpOptions = true)
  int newTopic(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    JsonNode change = server.client().post(route(id, "newTopic"), EMPTY_BODY);
    String topic = change.path("topic").asText();
    if (change.path("formerTopicId").isNull()) {
      out().printf(Locale.ROOT, "%s: topic '%s' is still the one that is read%n", id, topic);
      return 0;
    }
    out()
        .printf(
            Locale.ROOT,
            "%s: topic '%s' of id %s is read from %s on%n",
            id,
            topic,
            change.path("topicId").asText(),
            change.path("committedOffsets"));
    out()
        .printf(
            Locale.ROOT,
            "%s: the topic of id %s is committed up to %s%n",
            id,
            change.path("formerTopicId").asText(),
            change.path("formerOffsets"));
    return 0;
  }

  private int act(ServerOption server, String id, String action) {
    JsonNode unused = server.client().post(route(id, action), EMPTY_BODY);
    out().println(id + ": " + action);
    return 0;
  }

  private static String route(String id, String action) {
    return ROUTE + "/" + StarfireClient.encode(id) + "/" + action;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
