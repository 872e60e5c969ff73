package io.starfire.cli;

import io.starfire.batch.PublishRun;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes what a batch or index run has made when no coordinator answered it. */
@Command(
    name = "publish",
    description = {
      "Publishes the segments of a batch or index run that the coordinator did not answer. If they",
      "are published already, only files of the run that wait for that take their places. Exit",
      "code 1: the publication is not active yet."
    },
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  private static final int DONE = 0;
  private static final int NOT_ACTIVE = 1;

  @Parameters(paramLabel = "ID", description = "The id of the publication. The run has printed it.")
  private String id;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean isDone =
        PublishRun.run(
            id,
            config.load(),
            line -> {
              out.println(line);
              out.flush();
            },
            InstantSource.system());
    return isDone ? DONE : NOT_ACTIVE;
  }
}
