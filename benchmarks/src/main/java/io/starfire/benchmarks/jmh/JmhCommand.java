package io.starfire.benchmarks.jmh;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs the benchmarks of this package by JMH, each in a JVM of its own with the options of this
 * one.
 */
@Command(
    name = "jmh",
    description = {
      "Decoders, filters and aggregators alone, by JMH: microseconds for 262,144 rows.",
      "All of them take about ten minutes."
    },
    mixinStandardHelpOptions = true)
public final class JmhCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      defaultValue = ".*",
      description = "Of names, such as Decoder (all).")
  private String pattern;

  @Option(names = "--forks", defaultValue = "1", description = "(${DEFAULT-VALUE}).")
  private int forks;

  @Option(names = "--warm-up", defaultValue = "3", description = "Seconds (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--rounds", defaultValue = "5", description = "Of a second (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--quick", description = "A few of them, shortly: two minutes.")
  private boolean quick;

  @Override
  public Integer call() {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(JmhCommand.class.getPackageName() + ".*" + pattern)
            .forks(forks)
            .warmupIterations(warmUp)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(rounds)
            .measurementTime(TimeValue.seconds(1))
            .timeUnit(TimeUnit.MICROSECONDS)
            .shouldFailOnError(true);
    if (quick) {
      options
          .warmupIterations(1)
          .measurementIterations(2)
          .param("column", "packed14", "decimal")
          .param("filter", "selector", "like")
          .param("aggregator", "longSum", "HLLSketchBuild")
          .param("groups", "100");
    }
    try {
      if (new Runner(options.build()).run().isEmpty()) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT, "no benchmark has a name like %s".formatted(pattern));
      }
      return 0;
    } catch (RunnerException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "JMH did not run %s: %s".formatted(pattern, e.getMessage()), e);
    }
  }
}
