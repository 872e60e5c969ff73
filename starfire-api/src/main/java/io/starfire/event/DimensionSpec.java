package io.starfire.event;

import static java.util.Objects.requireNonNull;

/**
 * A dimension of a data source. STRING dimensions may hold several values in one row.
 *
 * @param name the column's name
 * @param type STRING, LONG or DOUBLE
 */
public record DimensionSpec(String name, ColumnType type) {
  public DimensionSpec {
    DataSourceSchema.checkColumnName(name);
    requireNonNull(type, "type");
  }
}
