package io.starfire.cli;

import io.starfire.cli.replay.ReplayOptions;
import io.starfire.cli.replay.ReplayRun;
import io.starfire.config.StarfireConfig;
import io.starfire.event.SourceSettings.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a file of events to a source's topic. */
@Command(
    name = "replay",
    description = {
      "Sends the events of a file to the topic of a source, in the order of the file.",
      "",
      "starfire.sources.<NAME> says how a record is written: its format, its times and its key.",
      "The timestamp of a record is the time of sending; its event time is in its value. So old",
      "events are not deleted by retention. The topic is created if it does not exist. Only the",
      "records of one partition are sure to keep their order.",
      "",
      "Without --config, conf/<NAME>.conf of this installation is used if it exists."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final int MAX_PARTITIONS = 1_000;
  private static final int LEFT_OUT = 1;

  @Parameters(
      paramLabel = "FILE",
      description =
          "A file of Parquet, JSON (one object a line), CSV or TSV (with a header). Text may be"
              + " .gz.")
  private Path file;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "NAME",
      description = "The source. Its settings are starfire.sources.<NAME>.")
  private String source;

  @Option(
      names = "--speed-up",
      paramLabel = "FACTOR",
      description =
          "Send an hour of event time in a second if FACTOR is 3600. Default: as fast as possible.")
  private Double speedUp;

  @Option(names = "--limit", paramLabel = "ROWS", description = "Send at most this many rows.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--skip",
      paramLabel = "ROWS",
      description =
          "Leave out this many rows at the start. A replay that is stopped prints the number.")
  private long skip;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Format of the file: ${COMPLETION-CANDIDATES}. Default: it follows from the name.")
  private Format format;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of the topic, if it is created. Default: ${DEFAULT-VALUE}.")
  private int partitions = 4;

  @Option(
      names = "--pipeline",
      paramLabel = "CLASS",
      description =
          "A pipeline class that reads the source. Default: starfire.sources.<NAME>.pipeline.")
  private String pipeline;

  @Mixin private JarOption jars;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (partitions < 1 || partitions > MAX_PARTITIONS) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--partitions must be from 1 to %d, got %d".formatted(MAX_PARTITIONS, partitions));
    }
    if (speedUp != null && !(speedUp > 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--speed-up must be a number above 0, got " + speedUp);
    }
    ReplayOptions options = new ReplayOptions(speedUp == null ? 0 : speedUp, skip, limit);
    ReplayRun run =
        new ReplayRun(load(), file, format, source, pipeline, jars.loader(), partitions);
    boolean complete = run.run(options, spec.commandLine().getOut(), Daemon::closeAtExit);
    return complete ? 0 : LEFT_OUT;
  }

  /** Without --config, the shipped file that is named after the source, if there is one. */
  private StarfireConfig load() {
    if (config.file() != null) {
      return config.load();
    }
    String home = System.getProperty("starfire.home");
    Path shipped = home == null ? null : Path.of(home, "conf", source + ".conf");
    if (shipped != null && Files.isRegularFile(shipped)) {
      return StarfireConfig.load(shipped, config.overrides());
    }
    return config.load();
  }
}
