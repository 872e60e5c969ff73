package io.starfire.cli;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import java.io.PrintWriter;
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
  private static final int DONE = 0;
  private static final int NOT_ACTIVE = 1;

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
    List<PublicationStatus> all = server.client().publications(dataSource);
    PrintWriter out = spec.commandLine().getOut();
    if (all.isEmpty()) {
      out.println("There are no publications.");
    }
    for (PublicationStatus publication : all) {
      out.printf(
          Locale.ROOT,
          "%s  %-11s %s  version %s  %s%n",
          publication.id(),
          state(publication),
          String.join(", ", publication.dataSources()),
          publication.version(),
          publication.intervals().stream().map(Interval::toString).collect(joining(", ")));
    }
    return DONE;
  }

  @Command(description = "Shows one publication.", mixinStandardHelpOptions = true)
  int show(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    print(server.client().publication(id));
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
              names = "--accept-loss",
              description = "Activate it even if a bucket then shows fewer events.")
          boolean acceptLoss,
      @Parameters(paramLabel = "ID") String id) {
    PublicationStatus publication = server.client().act(id, "activate", acceptLoss);
    print(publication);
    return publication.state() == State.ACTIVE ? DONE : NOT_ACTIVE;
  }

  @Command(
      description = "Aborts a staged publication. It can never become active.",
      mixinStandardHelpOptions = true)
  int abort(@Mixin ServerOption server, @Parameters(paramLabel = "ID") String id) {
    print(server.client().act(id, "abort", false));
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
              names = "--accept-loss",
              description = "Roll it back even if a bucket then shows fewer events.")
          boolean acceptLoss,
      @Parameters(paramLabel = "ID") String id) {
    print(server.client().act(id, "rollback", acceptLoss));
    return DONE;
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
    JsonNode preview = server.client().preview(id);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(preview.toPrettyString());
    } else {
      PreviewTable.print(preview, out);
    }
    return DONE;
  }

  private void print(PublicationStatus publication) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("publication  " + publication.id());
    publication.dataSources().forEach(name -> out.println("data source  " + name));
    out.println("version      " + publication.version());
    publication.intervals().forEach(interval -> out.println("interval     " + interval));
    out.println("state        " + state(publication));
    out.printf(
        Locale.ROOT,
        "segments     %d, of which %d are loaded%n",
        publication.segmentCount(),
        publication.loadedCount());
    out.println("registered   " + time(publication.registeredAtMillis()));
    out.println(
        "activated    " + happened(publication.activatedAtMillis(), publication.viewNumber()));
    if (publication.rolledBackAtMillis() != 0) {
      out.println(
          "rolled back  "
              + happened(publication.rolledBackAtMillis(), publication.rolledBackViewNumber()));
    }
    if (!publication.reason().isEmpty()) {
      out.println("reason       " + publication.reason());
    }
  }

  private static String state(PublicationStatus publication) {
    if (publication.superseded()) {
      return "superseded";
    }
    return publication.held() && publication.state() == State.STAGED
        ? "held"
        : publication.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** When it happened, and the view that it made. */
  private static String happened(long millis, long viewNumber) {
    return time(millis) + (viewNumber == 0 ? "" : ", view " + viewNumber);
  }

  private static String time(long millis) {
    return millis == 0 ? "not yet" : Times.format(millis);
  }
}
