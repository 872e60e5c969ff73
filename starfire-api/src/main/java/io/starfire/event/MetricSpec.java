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

    /** The {@code type} of such a metric in the {@code metricsSpec} of an ingestion spec. */
    public String typeName() {
      return typeName;
    }

    /** The {@code type} of the query aggregator that combines stored values. */
    public String combiningTypeName() {
      return this == COUNT ? LONG_SUM.typeName : typeName;
    }

    /** Whether the result of no values is 0, as for sums and counts. */
    public boolean isSum() {
      return this == COUNT || this == LONG_SUM || this == DOUBLE_SUM;
    }

    /** The type of the stored column: LONG or DOUBLE. */
    public ColumnType type() {
      return type;
    }
  }
}
