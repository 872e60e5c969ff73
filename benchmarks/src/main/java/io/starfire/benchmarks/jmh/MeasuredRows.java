package io.starfire.benchmarks.jmh;

import io.starfire.benchmarks.WorkDirectory;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.format.SegmentBuilder;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SpillLimits;
import io.starfire.segment.format.Unpacking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A segment with a column for each way in which numbers are stored. Not thread-safe. */
final class MeasuredRows implements AutoCloseable {
  static final int ROWS = 1 << 18;
  private static final long START = Times.parse("2026-01-01");
  private static final Interval DAY = new Interval(START, START + 86_400_000);
  private static final int RUN = 500;

  private final WorkDirectory work;
  private final SegmentReader reader;

  private MeasuredRows(WorkDirectory work, SegmentReader reader) {
    this.work = work;
    this.reader = reader;
  }

  /** Writes it, and has numbers unpacked by the faster loop, as a server does. */
  static MeasuredRows make() throws IOException {
    Unpacking.Choice unused = Unpacking.chooseFaster(System::nanoTime, () -> {});
    WorkDirectory work = new WorkDirectory();
    Path directory = work.directory("segment");
    try (SegmentBuilder builder =
        new SegmentBuilder(schema(), DAY, SpillLimits.DEFAULT, directory)) {
      Random random = new Random(42);
      long ascending = 0;
      long run = 0;
      for (int i = 0; i < ROWS; i++) {
        ascending += random.nextInt(1 << 12);
        run = i % RUN == 0 ? random.nextInt() : run;
        builder.add(row(i, ascending, run, random));
      }
      Path file = directory.resolve("measured");
      builder.finish(file);
      return new MeasuredRows(work, SegmentReader.open(file));
    }
  }

  private static DataSourceSchema schema() {
    return new DataSourceSchema(
        "measured",
        List.of(
            new DimensionSpec("of100", ColumnType.STRING),
            new DimensionSpec("of50000", ColumnType.STRING)),
        List.of(
            new MetricSpec("constant", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("packed6", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("packed14", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("packed21", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("ascending", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("runs", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("raw", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("decimal", MetricSpec.Aggregation.DOUBLE_SUM),
            new MetricSpec("double", MetricSpec.Aggregation.DOUBLE_SUM)),
        Granularity.DAY,
        Granularity.NONE,
        false);
  }

  /** Each row is later than the one before, so that they are stored in this order. */
  private static DataRow row(int number, long ascending, long run, Random random) {
    return new DataRow(
        START + number * 300L,
        new Object[] {"v" + random.nextInt(100), "v" + random.nextInt(50_000)},
        new long[] {
          7,
          random.nextInt(1 << 6),
          random.nextInt(1 << 14),
          random.nextInt(1 << 21),
          ascending,
          run,
          random.nextLong() >> 2,
          Double.doubleToRawLongBits(random.nextInt(10_000_000) / 100.0),
          Double.doubleToRawLongBits(random.nextDouble())
        },
        new boolean[9]);
  }

  SegmentReader rows() {
    return reader;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    work.close();
  }
}
