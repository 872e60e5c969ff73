package io.starfire.event;

import static java.util.Objects.requireNonNull;

/**
 * A metric of a data source: how rows with equal time bucket and dimensions are rolled up.
 *
 * @param name the column's name, which is also the name of its input in a row
 * @param aggregation how values are combined
 */
public record MetricSpec(String name, Aggregation aggregation) {
  public MetricSpec {
    DataSourceSchema.checkColumnName(name);
    requireNonNull(aggregation, "aggregation");
  }

  /** How a metric combines its inputs. COUNT has no input: it counts rows before rollup. */
  public enum Aggregation {
    COUNT("count", ColumnType.LONG),
    LONG_SUM("longSum", ColumnType.LONG),
    LONG_MIN("longMin", ColumnType.LONG),
    LONG_MAX("longMax", ColumnType.LONG),
    DOUBLE_SUM("doubleSum", ColumnType.DOUBLE),
    DOUBLE_MIN("doubleMin", ColumnType.DOUBLE),
    DOUBLE_MAX("doubleMax", ColumnType.DOUBLE);

    private final String typeName;
    private final ColumnType type;

    Aggregation(String typeName, ColumnType type) {
      this.typeName = typeName;
      this.type = type;
    }

    /** Its {@code type} in a spec's metricsSpec. */
    public String typeName() {
      return typeName;
    }

    /** The {@code type} of the query's aggregator that puts stored values together. */
    public String combiningTypeName() {
      return this == COUNT ? LONG_SUM.typeName : typeName;
    }

    /** Whether no value at all is as good as 0. */
    public boolean isSum() {
      return this == COUNT || this == LONG_SUM || this == DOUBLE_SUM;
    }

    /** The type of the stored column: LONG or DOUBLE. */
    public ColumnType type() {
      return type;
    }
  }
}
