package io.starfire.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The entry point of {@code benchmarks/run}. Exit codes are those of the command line. */
@Command(
    name = "benchmarks/run",
    description = "Measures one part of Starfire on generated ad events.",
    mixinStandardHelpOptions = true,
    subcommands = {
      IndexBenchmark.class,
      QueryBenchmark.class,
      StreamBenchmark.class,
      BatchBenchmark.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a benchmark.");
  }
}
