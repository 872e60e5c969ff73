package io.starfire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Times;
import io.starfire.protocol.StarfireClient;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at publications, and activates or aborts staged ones. */
@Command(
    name = "publication",
    description =
        "Lists, shows, previews, activates, aborts and rolls back publications. A publication is"
            + " what one batch run delivers.",
    mixinStandardHelpOptions = true)
final class PublicationCommand implements Runnable {
  private static final String ROUTE = "starfire/v1/publications";
  private static final int DONE = 0;
  private static final int NOT_ACTIVE = 1;
  private static final byte[] EMPTY_BODY = "{}".getBytes(StandardCharsets.UTF_8);

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Name what to do: list, show, preview, activate, abort or rollback.");
  }

  @Command(description = "Lists publications, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin ServerOption server,
      @Option(names = "--data-source", description = "Only those of this data source.")
          String dataSource) {
    JsonNode all =
        server
            .client()
            .get(
                dataSource == null
                    ? ROUTE
                    : ROUTE + "?dataSource=" + StarfireClient.encode(dataSource));
    PrintWriter out = spec.commandLine().getOut();
    if (all.isEmpty()) {
      out.println("There are no publications.");
    }
    for (JsonNode publication : all) {
      out.printf(
          Locale.ROOT,
          "%s  %-11s %s  version %s  %s%n",
          publication.path("id").asText(),
          state(publication),
          String.join(", ", texts(publication, "dataSources")),
          publication.path("version").asText(),
          String.join(", ", texts(publication, "intervals")));
    }
    return DONE;
  }

  @Command(description = "Shows one publication.", mixinStandardHelpOptions = true)
  int show(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    print(server.client().get(route(id)));
    return DONE;
  }

  @Command(
      description = {
        "Activates a staged publication. It replaces all data sources and intervals that it covers",
        "at once. Exit code 1: it is not active yet. The reason is printed."
      },
      mixinStandardHelpOptions = true)
  int activate(
      @Mixin ServerOption server,
      @Option(
              names = "--accept-less",
              description = "Activate it even if a bucket then shows fewer events.")
          boolean acceptLess,
      @Parameters(paramLabel = "ID") String id) {
    JsonNode publication = server.client().post(route(id, "activate", acceptLess), EMPTY_BODY);
    print(publication);
    return publication.path("state").asText().equals("ACTIVE") ? DONE : NOT_ACTIVE;
  }

  @Command(
      description = "Aborts a staged publication. It can never become active.",
      mixinStandardHelpOptions = true)
  int abort(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    print(server.client().post(route(id, "abort", false), EMPTY_BODY));
    return DONE;
  }

  @Command(
      description = {
        "Takes an active publication back. What it hides is loaded, and then shows again, all",
        "data sources and intervals at once. A rollback cannot be undone: to bring the numbers",
        "back, run the batch job again."
      },
      mixinStandardHelpOptions = true)
  int rollback(
      @Mixin ServerOption server,
      @Option(
              names = "--accept-less",
              description = "Roll it back even if a bucket then shows fewer events.")
          boolean acceptLess,
      @Parameters(paramLabel = "ID") String id) {
    print(server.client().post(route(id, "rollback", acceptLess), EMPTY_BODY));
    return DONE;
  }

  private static String route(String id) {
    return ROUTE + "/" + StarfireClient.encode(id);
  }

  private static String route(String id, String action, boolean acceptLess) {
    return route(id) + "/" + action + (acceptLess ? "?acceptLess=true" : "");
  }

  @Command(
      description = {
        "Shows, for each bucket, the rows and metrics of now, those that a staged publication"
            + " would",
        "show, and the difference. Changes nothing."
      },
      mixinStandardHelpOptions = true)
  int preview(
      @Mixin ServerOption server,
      @Option(names = "--json", description = "Print JSON.") boolean json,
      @Parameters(paramLabel = "ID") String id) {
    JsonNode preview = server.client().get(route(id) + "/preview");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(preview.toPrettyString());
    } else {
      PreviewTable.print(preview, out);
    }
    return DONE;
  }

  private void print(JsonNode publication) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("publication  " + publication.path("id").asText());
    texts(publication, "dataSources").forEach(name -> out.println("data source  " + name));
    out.println("version      " + publication.path("version").asText());
    texts(publication, "intervals").forEach(interval -> out.println("interval     " + interval));
    out.println("state        " + state(publication));
    out.printf(
        Locale.ROOT,
        "segments     %d, of which %d are loaded%n",
        publication.path("segmentCount").asInt(),
        publication.path("loadedCount").asInt());
    out.println("registered   " + time(publication.path("registeredAtMillis")));
    out.println("activated    " + happened(publication, "activatedAtMillis", "viewNumber"));
    if (publication.path("rolledBackAtMillis").asLong() != 0) {
      out.println(
          "rolled back  " + happened(publication, "rolledBackAtMillis", "rolledBackViewNumber"));
    }
    String reason = publication.path("reason").asText();
    if (!reason.isEmpty()) {
      out.println("reason       " + reason);
    }
  }

  private static String state(JsonNode publication) {
    String state = publication.path("state").asText().toLowerCase(Locale.ROOT);
    if (publication.path("superseded").asBoolean()) {
      return "superseded";
    }
    return publication.path("held").asBoolean() && state.equals("staged")
        ? "held"
        : state.replace('_', ' ');
  }

  private static List<String> texts(JsonNode publication, String list) {
    List<String> texts = new ArrayList<>();
    publication.path(list).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** When it happened, and the view that it made. */
  private static String happened(JsonNode publication, String millis, String view) {
    long number = publication.path(view).asLong();
    return time(publication.path(millis)) + (number == 0 ? "" : ", view " + number);
  }

  private static String time(JsonNode millis) {
    return millis.asLong() == 0 ? "not yet" : Times.format(millis.asLong());
  }
}
