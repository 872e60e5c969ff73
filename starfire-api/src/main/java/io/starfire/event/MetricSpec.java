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
    COUNT(ColumnType.LONG),
    LONG_SUM(ColumnType.LONG),
    LONG_MIN(ColumnType.LONG),
    LONG_MAX(ColumnType.LONG),
    DOUBLE_SUM(ColumnType.DOUBLE),
    DOUBLE_MIN(ColumnType.DOUBLE),
    DOUBLE_MAX(ColumnType.DOUBLE);

    private final ColumnType type;

    Aggregation(ColumnType type) {
      this.type = type;
    }

    /** The type of the stored column: LONG or DOUBLE. */
    public ColumnType type() {
      return type;
    }
  }
}
