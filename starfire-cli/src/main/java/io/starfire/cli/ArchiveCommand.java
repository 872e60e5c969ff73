package io.starfire.cli;

import io.starfire.archiver.Archiver;
import io.starfire.archiver.ArchiverOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Archives the raw topics of a pipeline until it is stopped. */
@Command(
    name = "archive",
    description = "Copies the source topics of a pipeline to Parquet files until it is stopped.",
    mixinStandardHelpOptions = true,
    subcommands = ArchivePruneCommand.class)
final class ArchiveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CLASS", arity = "0..1", description = "The pipeline's class.")
  private String className;

  @Option(
      names = "--new-topic",
      description = {
        "Go on with source topics that were deleted and created again, from their start. The",
        "records of the old topic stay in the archive. Without it, the archiver refuses such",
        "topics."
      })
  private boolean newTopic;

  @Mixin private JarOption jars;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (className == null) {
      throw new ParameterException(
          spec.commandLine(), "Name the class of the pipeline whose topics are archived.");
    }
    Archiver archiver =
        Archiver.start(
            ArchiverOptions.of(className, jars.loader(), config.load()).withNewTopic(newTopic));
    Daemon.closeAtExit(archiver);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Archiving the sources of %s; %sCtrl-C or SIGTERM ends it.%n",
        className, Daemon.healthAt(archiver.port()));
    out.flush();
    return Daemon.runToEnd(archiver::awaitEnd, archiver::failure);
  }
}
