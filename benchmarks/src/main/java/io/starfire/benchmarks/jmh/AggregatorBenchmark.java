package io.starfire.benchmarks.jmh;

import io.starfire.serving.query.partial.Partial;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Aggregates all rows in one group, in 100 and in 50,000. A filter that takes all rows keeps the
 * sums of blocks, which the file has, from answering.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class AggregatorBenchmark {
  private static final String ALL =
      "{'type':'not','field':{'type':'selector','dimension':'of100','value':'none'}}";

  @Param({
    "count",
    "longSum",
    "doubleSum",
    "doubleMax",
    "doubleFirst",
    "HLLSketchBuild",
    "thetaSketch",
    "quantilesDoublesSketch"
  })
  public String aggregator;

  @Param({"1", "100", "50000"})
  public int groups;

  private QueryState state;

  @Setup
  public void make() throws IOException {
    String field =
        switch (aggregator) {
          case "longSum" -> "packed14";
          case "HLLSketchBuild", "thetaSketch" -> "of50000";
          default -> "decimal";
        };
    state =
        new QueryState(
            "{'type':'%s','name':'it','fieldName':'%s'}".formatted(aggregator, field),
            groups == 1 ? "" : "of" + groups,
            ALL);
  }

  @TearDown
  public void close() throws IOException {
    state.close();
  }

  @Benchmark
  public Partial scan() {
    return state.scan();
  }
}
