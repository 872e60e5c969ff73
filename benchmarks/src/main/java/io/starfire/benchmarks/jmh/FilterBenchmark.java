package io.starfire.benchmarks.jmh;

import io.starfire.serving.query.partial.Partial;
import java.io.IOException;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Adds up a metric of the rows that a filter takes; what it says of a dictionary is found anew. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class FilterBenchmark {
  private static final Map<String, String> FILTERS =
      Map.of(
          "none", "",
          "selector", "{'type':'selector','dimension':'of100','value':'v42'}",
          "rare", "{'type':'selector','dimension':'of50000','value':'v42'}",
          "in", "{'type':'in','dimension':'of50000','values':['v1','v22','v333','v4444','v44444']}",
          "like", "{'type':'like','dimension':'of50000','pattern':'v%4_2%'}",
          "regex", "{'type':'regex','dimension':'of100','pattern':'v.*3.*'}",
          "bound",
              "{'type':'bound','dimension':'packed14','lower':'1000','upper':'9000','ordering':'numeric'}",
          "and",
              """
              {'type':'and','fields':[
                {'type':'bound','dimension':'packed14','lower':'1000','ordering':'numeric'},
                {'type':'not','field':{'type':'selector','dimension':'of100','value':'v42'}}]}\
              """);

  @Param({"none", "selector", "rare", "in", "like", "regex", "bound", "and"})
  public String filter;

  private QueryState state;

  @Setup
  public void make() throws IOException {
    state =
        new QueryState(
            "{'type':'doubleSum','name':'sum','fieldName':'decimal'}", "", FILTERS.get(filter));
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
