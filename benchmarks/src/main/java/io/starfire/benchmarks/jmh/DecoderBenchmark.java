package io.starfire.benchmarks.jmh;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Reads a column block by block into an array, as a scan does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class DecoderBenchmark {
  @Param({
    "constant",
    "packed6",
    "packed14",
    "packed21",
    "ascending",
    "runs",
    "raw",
    "decimal",
    "double",
    "of100",
    "of50000"
  })
  public String column;

  private final long[] longs = new long[RowSet.BLOCK_ROWS];
  private final double[] doubles = new double[RowSet.BLOCK_ROWS];
  private final int[] ids = new int[RowSet.BLOCK_ROWS];
  private MeasuredRows rows;
  private Column read;

  @Setup
  public void make() throws IOException {
    rows = MeasuredRows.make();
    read = rows.rows().column(column);
  }

  @TearDown
  public void close() throws IOException {
    rows.close();
  }

  @Benchmark
  public void read(Blackhole hole) {
    for (int from = 0; from < MeasuredRows.ROWS; from += RowSet.BLOCK_ROWS) {
      if (read instanceof LongColumn column) {
        column.read(from, RowSet.BLOCK_ROWS, longs);
        hole.consume(longs);
      } else if (read instanceof DoubleColumn column) {
        column.read(from, RowSet.BLOCK_ROWS, doubles);
        hole.consume(doubles);
      } else {
        ((StringColumn) read).readIds(from, RowSet.BLOCK_ROWS, ids);
        hole.consume(ids);
      }
    }
  }
}
