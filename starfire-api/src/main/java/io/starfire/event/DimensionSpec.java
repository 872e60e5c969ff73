package io.starfire.event;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import org.jspecify.annotations.Nullable;

/**
 * A dimension of a data source. STRING dimensions may hold several values in one row.
 *
 * @param name the column's name
 * @param type STRING, LONG or DOUBLE
 * @param json whether its values are nested: the texts are JSON
 */
public record DimensionSpec(
    String name, ColumnType type, @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean json) {
  /** How queries and specs name the type of nested values. */
  public static final String JSON_TYPE = "COMPLEX<json>";

  public DimensionSpec {
    DataSourceSchema.checkColumnName(name);
    requireNonNull(type, "type");
    if (type == ColumnType.COMPLEX || (json && type != ColumnType.STRING)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "dimension '%s' cannot be %s; use STRING, LONG or DOUBLE, or JSON as STRING"
              .formatted(name, type));
    }
  }

  /** A dimension without nested values. */
  public DimensionSpec(String name, ColumnType type) {
    this(name, type, false);
  }

  /** Reads one of a schema, in which {@code json} stands only where it is true. */
  @JsonCreator
  static DimensionSpec of(
      @JsonProperty(value = "name", required = true) String name,
      @JsonProperty(value = "type", required = true) ColumnType type,
      @JsonProperty("json") @Nullable Boolean json) {
    return new DimensionSpec(name, type, Boolean.TRUE.equals(json));
  }

  /** A dimension of nested values. */
  public static DimensionSpec ofJson(String name) {
    return new DimensionSpec(name, ColumnType.STRING, true);
  }
}
