package io.starfire.benchmarks;

import io.starfire.benchmarks.codec.CodecBenchmark;
import io.starfire.benchmarks.curves.CurvesBenchmark;
import io.starfire.benchmarks.flights.FlightsBenchmark;
import io.starfire.benchmarks.jmh.JmhCommand;
import io.starfire.benchmarks.peers.ClientsBenchmark;
import io.starfire.benchmarks.peers.LiveBenchmark;
import io.starfire.benchmarks.peers.PeersBenchmark;
import io.starfire.benchmarks.stream.GrowthBenchmark;
import io.starfire.benchmarks.stream.JoinBenchmark;
import io.starfire.benchmarks.stream.LatencyBenchmark;
import io.starfire.common.StarfireException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The entry point of {@code benchmarks/run}. Exit codes are those of the command line. */
@Command(
    name = "benchmarks/run",
    description = "Measures one part of Starfire.",
    mixinStandardHelpOptions = true,
    subcommands = {
      IndexBenchmark.class,
      FilesBenchmark.class,
      TopicBenchmark.class,
      QueryBenchmark.class,
      GroupBenchmark.class,
      JoinBenchmark.class,
      LatencyBenchmark.class,
      GrowthBenchmark.class,
      CodecBenchmark.class,
      RestartBenchmark.class,
      BatchBenchmark.class,
      BatchJoinBenchmark.class,
      WikitickerCheck.class,
      FlightsBenchmark.class,
      LineitemCommand.class,
      PeersBenchmark.class,
      LiveBenchmark.class,
      ClientsBenchmark.class,
      CurvesBenchmark.class,
      JmhCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler(Main::report);
    System.exit(commandLine.execute(arguments));
  }

  /** What is known to go wrong is one sentence; the rest shows where it came from. */
  private static int report(
      Exception exception, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
    if (exception instanceof StarfireException known) {
      command.getErr().println("benchmarks: " + known.getMessage());
      return known.code().exitCode();
    }
    throw exception;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a benchmark.");
  }
}
