package io.starfire.cli;

import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a pipeline as a stream until it is stopped. */
@Command(
    name = "stream",
    description = "Runs a pipeline on Kafka until it is stopped.",
    mixinStandardHelpOptions = true)
final class StreamCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CLASS", description = "The pipeline's class.")
  private String className;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    StreamDriver driver =
        StreamDriver.start(
            StreamOptions.of(
                className, Thread.currentThread().getContextClassLoader(), config.load()));
    Daemon.closeAtExit(driver);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s runs as %s; health and metrics at http://127.0.0.1:%d; Ctrl-C or SIGTERM ends it.%n",
        className, driver.status().applicationId(), driver.port());
    out.printf("grants: %s%n", driver.status().grants());
    out.flush();
    return Daemon.runToEnd(driver::awaitEnd, driver::failure);
  }
}
