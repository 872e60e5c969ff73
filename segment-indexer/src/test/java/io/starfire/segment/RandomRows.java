package io.starfire.segment;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows at random, with the values that tend to go wrong among them. Prints its seed. */
public final class RandomRows {
  public static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");

  private static final String[] TEXTS = {
    "",
    "a",
    "b",
    "ab",
    "zz",
    "\u00e9",
    "\u20ac",
    "\uff5e",
    "\ud83d\ude80",
    "\ud83d\ude80a",
    "\u0000"
  };
  private static final double[] DOUBLES = {
    0, -0.0, 1, -1, 0.25, 12.75, 1e300, -1e300, Double.MIN_VALUE
  };
  private static final long[] LONGS = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 53};

  private final Random random;

  public RandomRows(long defaultSeed) {
    long seed = Long.getLong("starfire.seed", defaultSeed);
    System.out.println("-Dstarfire.seed=" + seed);
    random = new Random(seed);
  }

  public Random random() {
    return random;
  }

  private static final List<MetricSpec> METRICS =
      List.of(
          new MetricSpec("count", Aggregation.COUNT),
          new MetricSpec("clicks", Aggregation.LONG_SUM),
          new MetricSpec("least", Aggregation.LONG_MIN),
          new MetricSpec("most", Aggregation.LONG_MAX),
          new MetricSpec("price", Aggregation.DOUBLE_SUM),
          new MetricSpec("low", Aggregation.DOUBLE_MIN),
          new MetricSpec("high", Aggregation.DOUBLE_MAX));

  /** A schema with dimensions and metrics of every kind. */
  public static DataSourceSchema schema(Granularity query, boolean rollup) {
    return new DataSourceSchema(
        "events",
        List.of(
            new DimensionSpec("city", ColumnType.STRING),
            new DimensionSpec("tags", ColumnType.STRING),
            new DimensionSpec("code", ColumnType.LONG),
            new DimensionSpec("ratio", ColumnType.DOUBLE)),
        METRICS,
        Granularity.HOUR,
        query,
        rollup);
  }

  public DataRow next() {
    long time = HOUR.startMillis() + random.nextInt(3_600_000);
    Object[] dimensions = {text(), tags(), number(), ratio()};
    long[] metrics = new long[METRICS.size()];
    boolean[] nulls = new boolean[METRICS.size()];
    for (int i = 1; i < METRICS.size(); i++) {
      nulls[i] = random.nextInt(5) == 0;
      metrics[i] =
          METRICS.get(i).aggregation().type() == ColumnType.LONG
              ? longMetric()
              : Double.doubleToRawLongBits(doubleMetric());
    }
    return new DataRow(time, dimensions, metrics, random.nextInt(10) == 0 ? null : nulls);
  }

  public List<DataRow> next(int count) {
    List<DataRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(next());
    }
    return rows;
  }

  private String text() {
    return switch (random.nextInt(10)) {
      case 0 -> null;
      case 1, 2, 3 -> TEXTS[random.nextInt(TEXTS.length)];
      default -> "city-" + random.nextInt(200);
    };
  }

  private Object tags() {
    if (random.nextInt(4) > 0) {
      return text();
    }
    List<String> tags = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      tags.add(TEXTS[random.nextInt(TEXTS.length)]);
    }
    if (random.nextInt(5) == 0) {
      tags.add(null);
    }
    return tags;
  }

  private Object number() {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> LONGS[random.nextInt(LONGS.length)];
      default -> (long) random.nextInt(3);
    };
  }

  private Object ratio() {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> DOUBLES[random.nextInt(DOUBLES.length)];
      case 2 -> Double.NaN;
      default -> random.nextInt(3) / 4.0;
    };
  }

  private long longMetric() {
    return random.nextInt(9) == 0 ? LONGS[random.nextInt(LONGS.length)] : random.nextInt(100);
  }

  /** Quarters, whose sums are exact in any order, and NaN, which stays. */
  private double doubleMetric() {
    return random.nextInt(50) == 0 ? Double.NaN : random.nextInt(1000) / 4.0;
  }
}
