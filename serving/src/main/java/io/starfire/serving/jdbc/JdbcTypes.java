package io.starfire.serving.jdbc;

import io.starfire.common.Json;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlParameter;
import java.math.BigDecimal;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.AvaticaType;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/** Types and values of SQL as JDBC has them. Stateless. */
final class JdbcTypes {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private JdbcTypes() {}

  static List<ColumnMetaData> columns(List<SqlColumn> columns) {
    List<ColumnMetaData> all = new ArrayList<>();
    for (SqlColumn column : columns) {
      all.add(column(all.size(), column));
    }
    return all;
  }

  private static ColumnMetaData column(int ordinal, SqlColumn column) {
    return new ColumnMetaData(
        ordinal,
        false,
        true,
        false,
        false,
        column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        true,
        column.precision(),
        column.name(),
        column.name(),
        null,
        column.precision(),
        column.scale(),
        null,
        null,
        type(column),
        true,
        false,
        false,
        className(column.jdbcType()));
  }

  private static AvaticaType type(SqlColumn column) {
    if (column.jdbcType() == Types.ARRAY) {
      return ColumnMetaData.array(element(column.nativeType()), "ARRAY", Rep.ARRAY);
    }
    String name = column.jdbcType() == Types.OTHER ? column.nativeType() : column.sqlType();
    return ColumnMetaData.scalar(column.jdbcType(), name, rep(column.jdbcType()));
  }

  private static AvaticaType element(String nativeType) {
    if (nativeType.contains("LONG")) {
      return ColumnMetaData.scalar(Types.BIGINT, "BIGINT", Rep.NUMBER);
    }
    if (nativeType.contains("DOUBLE") || nativeType.contains("FLOAT")) {
      return ColumnMetaData.scalar(Types.DOUBLE, "DOUBLE", Rep.NUMBER);
    }
    return ColumnMetaData.scalar(Types.VARCHAR, "VARCHAR", Rep.STRING);
  }

  private static Rep rep(int jdbcType) {
    return switch (jdbcType) {
      case Types.VARCHAR, Types.CHAR -> Rep.STRING;
      case Types.BOOLEAN -> Rep.BOOLEAN;
      case Types.ARRAY -> Rep.ARRAY;
      case Types.OTHER -> Rep.OBJECT;
      default -> isNumberOrTime(jdbcType) ? Rep.NUMBER : Rep.OBJECT;
    };
  }

  private static boolean isNumberOrTime(int jdbcType) {
    return switch (jdbcType) {
      case Types.BIGINT,
          Types.INTEGER,
          Types.SMALLINT,
          Types.TINYINT,
          Types.DOUBLE,
          Types.FLOAT,
          Types.REAL,
          Types.DECIMAL,
          Types.TIMESTAMP,
          Types.DATE ->
          true;
      default -> false;
    };
  }

  private static String className(int jdbcType) {
    return switch (jdbcType) {
      case Types.VARCHAR, Types.CHAR -> "java.lang.String";
      case Types.BOOLEAN -> "java.lang.Boolean";
      case Types.ARRAY -> "java.sql.Array";
      case Types.BIGINT -> "java.lang.Long";
      case Types.INTEGER, Types.SMALLINT, Types.TINYINT -> "java.lang.Integer";
      case Types.DOUBLE, Types.FLOAT -> "java.lang.Double";
      case Types.REAL -> "java.lang.Float";
      case Types.DECIMAL -> "java.math.BigDecimal";
      case Types.TIMESTAMP -> "java.sql.Timestamp";
      case Types.DATE -> "java.sql.Date";
      default -> "java.lang.Object";
    };
  }

  static List<AvaticaParameter> parameters(List<SqlColumn> parameters) {
    List<AvaticaParameter> all = new ArrayList<>();
    for (SqlColumn parameter : parameters) {
      all.add(
          new AvaticaParameter(
              false,
              parameter.precision(),
              parameter.scale(),
              parameter.jdbcType(),
              parameter.sqlType(),
              className(parameter.jdbcType()),
              "?" + all.size()));
    }
    return all;
  }

  /** A row as it is sent. */
  static Object[] row(List<SqlColumn> columns, @Nullable Object[] row, ZoneId zone) {
    Object[] sent = new Object[row.length];
    for (int i = 0; i < row.length; i++) {
      sent[i] = row[i] == null ? null : value(columns.get(i).jdbcType(), row[i], zone);
    }
    return sent;
  }

  private static Object value(int jdbcType, Object value, ZoneId zone) {
    return switch (jdbcType) {
      case Types.TIMESTAMP -> value instanceof Long millis ? local(millis, zone) : value;
      case Types.DATE -> value instanceof Long millis ? day(millis, zone) : value;
      case Types.INTEGER, Types.SMALLINT, Types.TINYINT ->
          value instanceof Number number ? number.intValue() : value;
      case Types.FLOAT, Types.REAL -> value instanceof Number number ? number.floatValue() : value;
      case Types.OTHER -> Json.write(value);
      case Types.ARRAY -> value;
      // Several values of one row.
      default -> value instanceof List<?> ? Json.write(value) : value;
    };
  }

  /** What a clock in the zone shows, as if it were one in UTC: so JDBC has times without zones. */
  private static long local(long millis, ZoneId zone) {
    return millis
        + zone.getRules().getOffset(Instant.ofEpochMilli(millis)).getTotalSeconds() * 1000L;
  }

  private static int day(long millis, ZoneId zone) {
    return (int) Instant.ofEpochMilli(millis).atZone(zone).toLocalDate().toEpochDay();
  }

  /** The values of an execution, in order. What a value is counts, not what was expected of it. */
  static List<SqlParameter> values(List<SqlColumn> parameters, @Nullable List<TypedValue> given) {
    List<SqlParameter> values = new ArrayList<>();
    if (given == null) {
      return values;
    }
    for (int i = 0; i < given.size(); i++) {
      TypedValue value = given.get(i);
      if (value == null) {
        throw new JdbcException("No value bound for parameter (position [%d])".formatted(i + 1));
      }
      values.add(value(i < parameters.size() ? parameters.get(i).sqlType() : "VARCHAR", value));
    }
    return values;
  }

  private static SqlParameter value(String expected, TypedValue given) {
    if (given.value == null) {
      return new SqlParameter(expected, null);
    }
    return switch (given.type) {
      case JAVA_SQL_TIMESTAMP, JAVA_UTIL_DATE ->
          new SqlParameter(
              "TIMESTAMP",
              given.value instanceof Number millis ? clockText(millis.longValue()) : given.value);
      case JAVA_SQL_DATE -> new SqlParameter("DATE", given.value);
      case BOOLEAN, PRIMITIVE_BOOLEAN -> new SqlParameter("BOOLEAN", given.value);
      case ARRAY -> new SqlParameter("ARRAY", given.value);
      default -> plain(expected, given.value);
    };
  }

  private static SqlParameter plain(String expected, Object value) {
    if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
      return new SqlParameter("DOUBLE", ((Number) value).doubleValue());
    }
    if (value instanceof Number number) {
      return new SqlParameter("BIGINT", number.longValue());
    }
    boolean isTime = expected.equals("TIMESTAMP") || expected.equals("DATE");
    return new SqlParameter(isTime ? expected : "VARCHAR", value.toString());
  }

  /** What a clock shows: JDBC's times have no zone, so the zone of the statement counts. */
  private static String clockText(long millis) {
    return CLOCK.format(Instant.ofEpochMilli(millis));
  }
}
