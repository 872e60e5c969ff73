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
      "Sends a file of events to a source's topic, in the file's order.",
      "The records are written as starfire.sources.<NAME> says: format, how times are written, key. "
          + "They are stamped with the time of sending, so that retention by time keeps events of any "
          + "age; their event time is in their values. A topic that does not exist is created. "
          + "Records of different partitions may be written in another order than the file has.",
      "Without --config, conf/<NAME>.conf of this installation is used, if there is one."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final int MAX_PARTITIONS = 1_000;
  private static final int LEFT_OUT = 1;

  @Parameters(
      paramLabel = "FILE",
      description =
          "Parquet, JSON (one object a line), CSV or TSV (with a header); text also as .gz.")
  private Path file;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "NAME",
      description = "The source, as starfire.sources names it.")
  private String source;

  @Option(
      names = "--speed-up",
      paramLabel = "FACTOR",
      description =
          "How many times as fast as the clock event time runs, such as 3600 for an hour a second. "
              + "Default: as fast as Kafka takes it.")
  private Double speedUp;

  @Option(names = "--limit", paramLabel = "ROWS", description = "Sends so many rows at most.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--skip",
      paramLabel = "ROWS",
      description = "Leaves out so many rows at the start, to go on where a replay was stopped.")
  private long skip;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Of the file: ${COMPLETION-CANDIDATES}. Default: by its name.")
  private Format format;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Of the topic, if it has to be created. Default: ${DEFAULT-VALUE}.")
  private int partitions = 4;

  @Option(
      names = "--pipeline",
      paramLabel = "CLASS",
      description = "A pipeline that reads the source. Default: starfire.sources.<NAME>.pipeline.")
  private String pipeline;

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
    ReplayRun run = new ReplayRun(load(), file, format, source, pipeline, partitions);
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
