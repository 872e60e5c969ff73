package io.starfire.benchmarks.curves;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.format.SegmentBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rows with text dimensions, each of which has so many values, equally often, and a sum of two
 * metrics. Each segment is a day. The rows of a segment depend on its day and the seed alone.
 *
 * @param dataSource its name
 * @param columns names of dimensions
 * @param values how many values each of them has
 * @param rows of all segments
 * @param segments their number
 * @param seed of the rows
 */
record MadeRows(
    String dataSource,
    List<String> columns,
    List<Integer> values,
    long rows,
    int segments,
    long seed) {
  static final String COUNT = "count";
  private static final long START = Times.parse("2024-01-01");
  private static final int DAY_MILLIS = 86_400_000;

  MadeRows {
    columns = List.copyOf(columns);
    values = List.copyOf(values);
  }

  /** Columns like those of TPC-H's lineitem at a scale factor. */
  static MadeRows likeLineitem(String dataSource, double scale, int segments, long seed) {
    return new MadeRows(
        dataSource,
        List.of("part", "orderKey", "day", "mode", "flag", "status"),
        List.of((int) (200_000 * scale), (int) (1_500_000 * scale), 2_466, 7, 3, 2),
        Math.round(6_000_000 * scale),
        segments,
        seed);
  }

  DataSourceSchema schema() {
    return new DataSourceSchema(
        dataSource,
        columns.stream().map(name -> new DimensionSpec(name, ColumnType.STRING)).toList(),
        List.of(
            new MetricSpec(COUNT, MetricSpec.Aggregation.COUNT),
            new MetricSpec("quantity", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("price", MetricSpec.Aggregation.DOUBLE_SUM)),
        Granularity.DAY,
        Granularity.NONE,
        false);
  }

  List<Interval> days() {
    List<Interval> days = new ArrayList<>();
    for (int day = 0; day < segments; day++) {
      days.add(day(day));
    }
    return days;
  }

  static Interval day(int number) {
    long start = START + number * Duration.ofDays(1).toMillis();
    return new Interval(start, start + DAY_MILLIS);
  }

  /** Adds the rows of a day. */
  void addTo(SegmentBuilder builder, Interval day) {
    Random random = new Random(seed ^ day.startMillis());
    long number = (day.startMillis() - START) / DAY_MILLIS;
    long count = rows * (number + 1) / segments - rows * number / segments;
    for (long i = 0; i < count; i++) {
      builder.add(row(day.startMillis() + random.nextInt(DAY_MILLIS), random));
    }
  }

  private DataRow row(long timeMillis, Random random) {
    Object[] dimensions = new Object[values.size()];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = Integer.toString(random.nextInt(values.get(i)));
    }
    long price = Double.doubleToRawLongBits(random.nextInt(10_000_000) / 100.0);
    return new DataRow(
        timeMillis,
        dimensions,
        new long[] {1, 1 + random.nextInt(50), price},
        new boolean[] {false, false, false});
  }
}
