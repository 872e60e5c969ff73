package io.starfire.serving.sql.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlParameter;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/** Puts the values of parameters in the place of their {@code ?}. */
final class ParameterValues extends SqlShuttle {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final List<SqlParameter> values;
  private final ZoneId zone;
  private int used;

  ParameterValues(List<SqlParameter> values, ZoneId zone) {
    this.values = values;
    this.zone = zone;
  }

  /** How many places there were. */
  int used() {
    return used;
  }

  @Override
  public SqlNode visit(SqlDynamicParam place) {
    used = Math.max(used, place.getIndex() + 1);
    if (place.getIndex() >= values.size()) {
      throw invalid(
          "the statement has a ? with number %d, but %d parameters were given",
          place.getIndex() + 1, values.size());
    }
    return literal(values.get(place.getIndex()), place.getIndex() + 1, place.getParserPosition());
  }

  private static StarfireException invalid(String format, Object... arguments) {
    return new StarfireException(ErrorCode.INVALID_INPUT, format.formatted(arguments));
  }

  private SqlNode literal(SqlParameter parameter, int number, SqlParserPos at) {
    Object value = parameter.value();
    String type = parameter.type() == null ? "VARCHAR" : parameter.type().toUpperCase(Locale.ROOT);
    if (value == null) {
      return SqlLiteral.createNull(at);
    }
    try {
      return switch (type) {
        case "VARCHAR", "CHAR" -> SqlLiteral.createCharString(value.toString(), at);
        case "BOOLEAN" -> SqlLiteral.createBoolean(truth(value), at);
        case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" ->
            SqlLiteral.createExactNumeric(
                Long.toString(new BigDecimal(value.toString()).longValueExact()), at);
        case "DECIMAL" -> SqlLiteral.createExactNumeric(decimal(value).toPlainString(), at);
        case "FLOAT", "REAL", "DOUBLE" -> doubled(value, at);
        case "TIMESTAMP" ->
            SqlLiteral.createTimestamp(SqlTypeName.TIMESTAMP, timestamp(value), 3, at);
        case "DATE" -> SqlLiteral.createDate(date(value), at);
        case "ARRAY" -> array(value, number, at);
        default -> throw invalid("parameter %d has the type %s, which is not known", number, type);
      };
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "parameter %d is '%s', which is no %s".formatted(number, value, type),
          e);
    }
  }

  private static boolean truth(Object value) {
    String text = value.toString().toLowerCase(Locale.ROOT);
    if (!text.equals("true") && !text.equals("false")) {
      throw new NumberFormatException(text);
    }
    return text.equals("true");
  }

  private static BigDecimal decimal(Object value) {
    return new BigDecimal(value.toString());
  }

  private static SqlNode doubled(Object value, SqlParserPos at) {
    return SqlLiteral.createApproxNumeric(
        String.format(Locale.ROOT, "%s", decimal(value)).contains("E")
            ? decimal(value).toString()
            : decimal(value) + "E0",
        at);
  }

  /** As it is written in the zone of the session. */
  private TimestampString timestamp(Object value) {
    long millis =
        value instanceof Number number
            ? number.longValue()
            : io.starfire.serving.sql.function.TimeTexts.parse(value.toString(), zone);
    long wall =
        Instant.ofEpochMilli(millis)
            .atZone(zone)
            .toLocalDateTime()
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli();
    return new TimestampString(trimmed(TIMESTAMP.format(Instant.ofEpochMilli(wall))));
  }

  /** Calcite wants no zeros at the end of the decimals. */
  private static String trimmed(String text) {
    String shorter = text;
    while (shorter.contains(".") && (shorter.endsWith("0") || shorter.endsWith("."))) {
      shorter = shorter.substring(0, shorter.length() - 1);
    }
    return shorter;
  }

  private static DateString date(Object value) {
    LocalDate date =
        value instanceof Number number
            ? LocalDate.ofEpochDay(number.longValue())
            : LocalDate.parse(value.toString());
    return new DateString(date.toString());
  }

  private SqlNode array(Object value, int number, SqlParserPos at) {
    if (!(value instanceof List<?> list)) {
      throw invalid("parameter %d is an ARRAY, so its value must be a list", number);
    }
    List<SqlNode> elements = new ArrayList<>();
    for (Object element : list) {
      String type =
          element instanceof String
              ? "VARCHAR"
              : element instanceof Long || element instanceof Integer ? "BIGINT" : "DOUBLE";
      elements.add(literal(new SqlParameter(type, element), number, at));
    }
    return SqlStdOperatorTable.ARRAY_VALUE_CONSTRUCTOR.createCall(at, elements);
  }
}
