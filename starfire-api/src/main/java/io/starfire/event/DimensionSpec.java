package io.starfire.event;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * A dimension of a data source. STRING dimensions may hold several values in one row.
 *
 * @param name the column's name
 * @param type STRING, LONG or DOUBLE
 */
public record DimensionSpec(
    @JsonProperty(required = true) String name, @JsonProperty(required = true) ColumnType type) {
  public DimensionSpec {
    DataSourceSchema.checkColumnName(name);
    requireNonNull(type, "type");
    if (type == ColumnType.COMPLEX) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "dimension '%s' cannot be COMPLEX; use STRING, LONG or DOUBLE".formatted(name));
    }
  }
}
