package io.starfire.serving.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.serving.sql.SqlColumn;
import java.sql.Types;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of an SQL answer as they are written over HTTP: null, a number, a text, true or false,
 * or a list. Times are texts in the zone of the statement. A sketch and JSON are texts of JSON.
 * Immutable.
 */
final class SqlValues {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final SqlColumn[] columns;
  private final ZoneId zone;
  private final boolean stringifyArrays;

  /**
   * @param stringifyArrays whether an array is a text of JSON
   */
  SqlValues(List<SqlColumn> columns, ZoneId zone, boolean stringifyArrays) {
    this.columns = columns.toArray(new SqlColumn[0]);
    this.zone = zone;
    this.stringifyArrays = stringifyArrays;
  }

  int size() {
    return columns.length;
  }

  String name(int column) {
    return columns[column].name();
  }

  SqlColumn column(int column) {
    return columns[column];
  }

  /** The value of a column, as it is written. */
  @Nullable Object written(int column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (columns[column].jdbcType()) {
      case Types.TIMESTAMP, Types.DATE -> time(value);
      case Types.ARRAY -> stringifyArrays ? json(value) : value;
      case Types.OTHER -> json(value);
      // Several values of one row.
      default -> value instanceof List<?> ? json(value) : value;
    };
  }

  private Object time(Object value) {
    return value instanceof Long millis ? Times.format(millis, zone) : value;
  }

  /** As a line of JSON. */
  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "a value of an SQL answer has no JSON form", e);
    }
  }
}
