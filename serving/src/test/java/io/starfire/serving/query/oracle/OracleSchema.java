package io.starfire.serving.query.oracle;

import io.starfire.common.Granularity;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random columns of the kinds that there are. */
record OracleSchema(List<Column> columns, boolean rollup) {
  /** What is in a column. */
  enum Content {
    /** One string, or null. */
    TEXT,
    /** No string, one or several, some of them null or equal. */
    TEXTS,
    /** Whole numbers around zero. */
    SMALL,
    /** Whole numbers up to both ends of 64 bits, whose sums may not fit. */
    BIG,
    /** Multiples of 1/64, whose sums are exact. */
    REAL,
    /** The same, and NaN and the infinities. */
    WILD
  }

  /**
   * A column.
   *
   * @param metric null for a dimension
   */
  record Column(String name, Content content, MetricSpec.Aggregation metric) {
    ColumnType type() {
      return switch (content) {
        case TEXT, TEXTS -> ColumnType.STRING;
        case SMALL, BIG -> ColumnType.LONG;
        case REAL, WILD -> ColumnType.DOUBLE;
      };
    }

    boolean isDimension() {
      return metric == null;
    }
  }

  /** The column of nested values: objects, so that each is the text that it is as JSON. */
  static final String NESTED = "nested";

  static OracleSchema random(Random random) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("text", Content.TEXT, null));
    List<Column> others =
        List.of(
            new Column("größe \"x\"", Content.TEXT, null),
            new Column("tags", Content.TEXTS, null),
            new Column(NESTED, Content.TEXT, null),
            new Column("size", Content.SMALL, null),
            new Column("big", Content.BIG, null),
            new Column("ratio", Content.REAL, null),
            new Column("wild", Content.WILD, null),
            new Column("events", Content.SMALL, MetricSpec.Aggregation.COUNT),
            new Column("clicks", Content.SMALL, MetricSpec.Aggregation.LONG_SUM),
            new Column("fewest", Content.BIG, MetricSpec.Aggregation.LONG_MIN),
            new Column("most", Content.BIG, MetricSpec.Aggregation.LONG_MAX),
            new Column("revenue", Content.REAL, MetricSpec.Aggregation.DOUBLE_SUM),
            new Column("cheapest", Content.REAL, MetricSpec.Aggregation.DOUBLE_MIN),
            new Column("dearest", Content.REAL, MetricSpec.Aggregation.DOUBLE_MAX));
    for (Column column : others) {
      if (random.nextInt(4) != 0) {
        columns.add(column);
      }
    }
    return new OracleSchema(columns, random.nextBoolean());
  }

  /** Some of the columns: older row sets may not have those that came later. */
  OracleSchema part(Random random) {
    List<Column> kept = new ArrayList<>(columns);
    if (random.nextInt(3) == 0) {
      kept.removeIf(column -> random.nextInt(4) == 0);
    }
    return new OracleSchema(kept, rollup);
  }

  List<Column> dimensions() {
    return columns.stream().filter(Column::isDimension).toList();
  }

  List<Column> metrics() {
    return columns.stream().filter(column -> !column.isDimension()).toList();
  }

  DataSourceSchema dataSource() {
    return new DataSourceSchema(
        "ads",
        dimensions().stream()
            .map(one -> new DimensionSpec(one.name(), one.type(), one.name().equals(NESTED)))
            .toList(),
        metrics().stream().map(one -> new MetricSpec(one.name(), one.metric())).toList(),
        Granularity.MONTH,
        rollup ? Granularity.MINUTE : Granularity.NONE,
        rollup);
  }
}
