package io.starfire.cli;

import io.starfire.batch.input.HadoopRawArchive;
import io.starfire.config.StarfireConfig;
import io.starfire.hadoop.HadoopClient;
import io.starfire.stream.Beginning;
import io.starfire.stream.StartFrom;
import io.starfire.stream.StreamDaemon;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import io.starfire.stream.StreamStatus;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a pipeline as a stream until it is stopped. */
@Command(
    name = "stream",
    description = {
      "Runs pipelines on Kafka until they are stopped.",
      "",
      "Each pipeline has threads, state and metrics of its own. If one fails, the others go on,"
          + " and",
      "/health answers 503 and says why.",
      "",
      "With --reset, the stream begins anew, with empty state. If records are read again, the",
      "server withdraws the rows that the stream wrote before, at the moment in which it takes up",
      "the new rows. So nothing counts twice. Rows of publications stay. Stop all other processes",
      "of the stream first. If the command is killed, repeat it."
    },
    mixinStandardHelpOptions = true)
final class StreamCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "CLASS",
      arity = "1..*",
      description = "The classes of the pipelines; usually one.")
  private List<String> classNames;

  @Option(names = "--reset", description = "Begin anew, with empty state, from where --from says.")
  private boolean reset;

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      description = {
        "With --reset: where to read from. committed (where the stream was; nothing is read",
        "again), earliest, latest, or a time such as 2026-11-20T10:00:00Z (compared with the",
        "timestamps of the records). Default: committed."
      })
  private String from;

  @Option(
      names = "--new-topic",
      description = {
        "Go on with source topics that were deleted and created again, from their start.",
        "Without it, the stream refuses such topics: their offsets mean other records."
      })
  private boolean newTopic;

  @Option(
      names = "--warm",
      description = {
        "On the first start: fill the open windows from the archive (starfire.archive.root) with",
        "what the source topics have lost, so that the first rows are whole. Rows before the hour",
        "that it says are not written. Later starts go on as without it."
      })
  private boolean warm;

  @Option(
      names = "--yes",
      description = {
        "With --reset: withdraw rows without asking. If records are read again, all real-time rows",
        "of the data sources are withdrawn. Without this option the command asks, and does nothing",
        "if there is no terminal."
      })
  private boolean yes;

  @Option(
      names = "--delete-old",
      description = {
        "Delete the topics and consumer groups that earlier generations of the stream (before a",
        "--reset, or before its plan changed) have made for themselves. Topics of rows stay."
      })
  private boolean deleteOld;

  @Mixin private JarOption jars;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    StarfireConfig loaded = config.load();
    Beginning beginning = beginning(loaded);
    ClassLoader loader = jars.loader();
    List<StreamOptions> pipelines = new ArrayList<>();
    for (String className : classNames) {
      pipelines.add(
          StreamOptions.of(className, loader, loaded)
              .beginning(beginning, sentence -> say(out, sentence)));
    }
    StreamDaemon daemon = StreamDaemon.start(pipelines);
    Daemon.closeAtExit(daemon);
    for (StreamDriver stream : daemon.streams()) {
      StreamStatus status = stream.status();
      say(out, "%s runs as %s".formatted(status.pipeline(), status.applicationId()));
      say(out, "grants: %s".formatted(status.grants()));
      sayOld(stream, out);
    }
    say(out, "%sCtrl-C or SIGTERM ends it.".formatted(Daemon.healthAt(daemon.port())));
    return Daemon.runToEnd(daemon::awaitEnd, daemon::failure);
  }

  private static void say(PrintWriter out, String sentence) {
    out.println(sentence);
    out.flush();
  }

  private void sayOld(StreamDriver stream, PrintWriter out) {
    if (deleteOld) {
      say(out, "deleted topics of earlier generations: %d".formatted(stream.deleteOld().size()));
      return;
    }
    int topics = stream.oldTopics().size();
    if (topics > 0) {
      say(
          out,
          "earlier generations have left %d topics that nobody needs; --delete-old deletes them"
              .formatted(topics));
    }
  }

  private Beginning beginning(StarfireConfig loaded) {
    if (from != null && !reset) {
      throw usage("--from goes with --reset");
    }
    if (yes && !reset) {
      throw usage("--yes goes with --reset");
    }
    if (reset && classNames.size() > 1) {
      throw usage("--reset begins one pipeline anew; name one");
    }
    if (reset && newTopic) {
      throw usage("--reset and --new-topic do not go together: a reset reads what is there now");
    }
    if (warm && (reset || newTopic)) {
      throw usage("--warm is for a first start, and goes with neither --reset nor --new-topic");
    }
    if (warm) {
      return Beginning.warm(
          HadoopRawArchive.of(loaded, HadoopClient.configuration(HadoopClient.properties(loaded))));
    }
    if (newTopic) {
      return Beginning.NEW_TOPIC;
    }
    return reset
        ? Beginning.reset(
            from == null ? StartFrom.COMMITTED : StartFrom.parse(from), this::mayWithdraw)
        : Beginning.CONTINUE;
  }

  @SuppressWarnings("SystemConsoleNull") // it is null without a terminal on Java 17, which is ours
  private boolean mayWithdraw(String withdrawn) {
    if (yes) {
      return true;
    }
    Console terminal = System.console();
    return terminal != null
        && "yes"
            .equals(
                terminal.readLine(
                    "This withdraws %s. The stream makes those again whose records it reads again;"
                        + " rows of publications stay. Type yes to do it: ",
                    withdrawn));
  }

  private CommandLine.ParameterException usage(String sentence) {
    return new CommandLine.ParameterException(spec.commandLine(), sentence);
  }
}
