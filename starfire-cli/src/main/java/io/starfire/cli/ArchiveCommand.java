package io.starfire.cli;

import io.starfire.archiver.Archiver;
import io.starfire.archiver.ArchiverOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Archives the raw topics of a pipeline until it is stopped. */
@Command(
    name = "archive",
    description = "Copies the raw topics of a pipeline to Parquet until it is stopped.",
    mixinStandardHelpOptions = true)
final class ArchiveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CLASS", description = "The pipeline's class.")
  private String className;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Archiver archiver =
        Archiver.start(
            ArchiverOptions.of(
                className, Thread.currentThread().getContextClassLoader(), config.load()));
    Daemon.closeAtExit(archiver);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Archiving the sources of %s; %sCtrl-C or SIGTERM ends it.%n",
        className, Daemon.healthAt(archiver.port()));
    out.flush();
    return Daemon.runToEnd(archiver::awaitEnd, archiver::failure);
  }
}
