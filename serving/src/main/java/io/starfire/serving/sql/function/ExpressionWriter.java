package io.starfire.serving.sql.function;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.catalog.SqlTypes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/**
 * Writes expressions of SQL as native ones. A time is its milliseconds since 1970 in UTC; a date is
 * those of its midnight in the zone of the session; a truth value is 1 or 0; an interval is its
 * milliseconds or months.
 *
 * <p>For example, with the names {@code added} and {@code page}, {@code added + 1 > 5 AND page LIKE
 * 'A%'} becomes {@code ((("added" + 1) > 5) && like("page", 'A%'))}.
 */
public final class ExpressionWriter {
  private final RexBuilder rexes;
  private final ZoneId zone;
  private final Instant now;
  private final IntFunction<String> names;

  /**
   * @param zone of the session
   * @param now what CURRENT_TIMESTAMP is
   * @param names of the inputs
   */
  public ExpressionWriter(RexBuilder rexes, ZoneId zone, Instant now, IntFunction<String> names) {
    this.rexes = rexes;
    this.zone = zone;
    this.now = now;
    this.names = names;
  }

  /** The same over other inputs. */
  public ExpressionWriter over(IntFunction<String> others) {
    return new ExpressionWriter(rexes, zone, now, others);
  }

  public ZoneId zone() {
    return zone;
  }

  RexBuilder rexes() {
    return rexes;
  }

  /** The zone of the session as a text of an expression. */
  String zoneText() {
    return quote(zone.getId());
  }

  /** A text in quotes. */
  public static String quote(String text) {
    return "'" + escaped(text, '\'') + "'";
  }

  /** A name in quotes. */
  public static String name(String name) {
    return "\"" + escaped(name, '"') + "\"";
  }

  private static String escaped(String text, char quote) {
    StringBuilder escaped = new StringBuilder(text.length() + 2);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote || c == '\\') {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  StarfireException invalid(String format, Object... arguments) {
    return new StarfireException(ErrorCode.INVALID_INPUT, format.formatted(arguments));
  }

  private static StarfireException unsupported(RexNode node) {
    String text = node.toString();
    return new StarfireException(
        ErrorCode.UNSUPPORTED,
        "'%s' is not supported in this version"
            .formatted(text.length() > 200 ? text.substring(0, 200) + "..." : text));
  }

  /** The expression as text. */
  public String write(RexNode node) {
    if (node instanceof RexInputRef ref) {
      return name(names.apply(ref.getIndex()));
    }
    if (node instanceof RexLiteral literal) {
      return literal(literal);
    }
    if (node instanceof RexCall call) {
      return call(call);
    }
    if (node instanceof RexDynamicParam) {
      throw invalid("a value for each ? is needed");
    }
    throw unsupported(node);
  }

  private String call(RexCall call) {
    FunctionDefinition own = SqlFunctions.definition(call.getOperator());
    if (own != null) {
      return own.translation().write(new CallWriter(call, this));
    }
    List<RexNode> args = call.getOperands();
    SqlKind kind = call.getKind();
    return switch (kind) {
      case AND -> joined(" && ", args);
      case OR -> joined(" || ", args);
      case NOT -> "(! " + write(args.get(0)) + ")";
      case EQUALS -> compared(" == ", args);
      case NOT_EQUALS -> compared(" != ", args);
      case LESS_THAN -> compared(" < ", args);
      case LESS_THAN_OR_EQUAL -> compared(" <= ", args);
      case GREATER_THAN -> compared(" > ", args);
      case GREATER_THAN_OR_EQUAL -> compared(" >= ", args);
      case IS_DISTINCT_FROM -> function("isdistinctfrom", args);
      case IS_NOT_DISTINCT_FROM -> function("notdistinctfrom", args);
      case IS_NULL -> function("isnull", args);
      case IS_NOT_NULL -> function("notnull", args);
      case IS_TRUE -> function("istrue", args);
      case IS_FALSE -> function("isfalse", args);
      case IS_NOT_TRUE -> function("nottrue", args);
      case IS_NOT_FALSE -> function("notfalse", args);
      case PLUS -> plus(call, false);
      case MINUS -> minus(call);
      case TIMES -> arithmetic(" * ", call);
      case DIVIDE -> arithmetic(" / ", call);
      case MOD -> arithmetic(" % ", call);
      case MINUS_PREFIX -> "(- " + write(args.get(0)) + ")";
      case PLUS_PREFIX, REINTERPRET -> write(args.get(0));
      case CASE -> function("case_searched", args);
      case COALESCE -> function("coalesce", args);
      case CAST, SAFE_CAST -> cast(args.get(0), call.getType());
      case LIKE -> function("like", args);
      case SEARCH -> write(RexUtil.expandSearch(rexes, null, call));
      case EXTRACT -> extract(call);
      case FLOOR -> rounded(call, "floor");
      case CEIL -> rounded(call, "ceil");
      case TRIM -> trim(call);
      case POSITION -> position(args);
      case CHAR_LENGTH -> function("strlen", args);
      case ARRAY_VALUE_CONSTRUCTOR -> function("array", args);
      case ITEM -> function("array_ordinal", args);
      default -> named(call);
    };
  }

  /** The functions of Calcite's own that have no kind. */
  private String named(RexCall call) {
    List<RexNode> args = call.getOperands();
    return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "||" -> function("concat", args);
      case "UPPER" -> function("upper", args);
      case "LOWER" -> function("lower", args);
      case "SUBSTRING" -> substring(args);
      case "REPLACE" -> function("replace", args);
      case "CHARACTER_LENGTH" -> function("strlen", args);
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> Long.toString(now.toEpochMilli());
      case "CURRENT_DATE" ->
          Long.toString(
              now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant().toEpochMilli());
      case "ABS" -> function("abs", args);
      case "POWER" -> function("pow", args);
      case "SQRT" -> function("sqrt", args);
      case "LN" -> function("log", args);
      case "LOG10" -> function("log10", args);
      case "EXP" -> function("exp", args);
      case "SIN" -> function("sin", args);
      case "COS" -> function("cos", args);
      case "TAN" -> function("tan", args);
      case "COT" -> function("cot", args);
      case "ASIN" -> function("asin", args);
      case "ACOS" -> function("acos", args);
      case "ATAN" -> function("atan", args);
      case "ATAN2" -> function("atan2", args);
      case "CBRT" -> function("cbrt", args);
      case "DEGREES" -> function("toDegrees", args);
      case "RADIANS" -> function("toRadians", args);
      case "SIGN" -> function("signum", args);
      case "PI" -> "pi()";
      case "ROUND" -> round(args);
      case "TRUNCATE" -> truncated(args);
      case "NVL", "IFNULL" -> function("nvl", args);
      default -> throw unsupported(call);
    };
  }

  private String joined(String operator, List<RexNode> args) {
    List<String> written = new ArrayList<>();
    args.forEach(arg -> written.add(write(arg)));
    return "(" + String.join(operator, written) + ")";
  }

  private String compared(String operator, List<RexNode> args) {
    return "(" + write(args.get(0)) + operator + write(args.get(1)) + ")";
  }

  String function(String name, List<RexNode> args) {
    List<String> written = new ArrayList<>();
    args.forEach(arg -> written.add(write(arg)));
    return name + "(" + String.join(", ", written) + ")";
  }

  /** A division of decimals is one of doubles, though both values may be whole. */
  private String arithmetic(String operator, RexCall call) {
    boolean decimal = isDecimal(call.getType());
    List<String> written = new ArrayList<>();
    for (RexNode arg : call.getOperands()) {
      String one = write(arg);
      written.add(decimal && !isDecimal(arg.getType()) ? "cast(" + one + ", 'DOUBLE')" : one);
    }
    return "(" + written.get(0) + operator + written.get(1) + ")";
  }

  private static boolean isDecimal(RelDataType type) {
    return SqlTypes.nativeType(type).equals("DOUBLE");
  }

  private static boolean isInterval(RexNode node) {
    return SqlTypeName.INTERVAL_TYPES.contains(node.getType().getSqlTypeName());
  }

  private static boolean isMonths(RelDataType type) {
    return SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
  }

  private String plus(RexCall call, boolean negative) {
    List<RexNode> args = call.getOperands();
    boolean timeFirst = SqlTypeUtil.isDatetime(args.get(0).getType());
    boolean timeSecond = SqlTypeUtil.isDatetime(args.get(1).getType());
    if (!timeFirst && !timeSecond) {
      return arithmetic(negative ? " - " : " + ", call);
    }
    RexNode time = args.get(timeFirst ? 0 : 1);
    RexNode span = args.get(timeFirst ? 1 : 0);
    String length = (negative ? "(- " : "") + write(span) + (negative ? ")" : "");
    if (isInterval(span) && isMonths(span.getType())) {
      return "timestamp_shift(%s, 'P1M', %s, %s)".formatted(write(time), length, zoneText());
    }
    return "(" + write(time) + " + " + length + ")";
  }

  private String minus(RexCall call) {
    List<RexNode> args = call.getOperands();
    boolean first = SqlTypeUtil.isDatetime(args.get(0).getType());
    boolean second = SqlTypeUtil.isDatetime(args.get(1).getType());
    if (!first || !second) {
      return plus(call, true);
    }
    String from = write(args.get(1));
    String to = write(args.get(0));
    return isMonths(call.getType())
        ? "if(%s >= %s, %s, (- %s))".formatted(to, from, months(from, to), months(to, from))
        : "(" + to + " - " + from + ")";
  }

  /** Whole months from a time to one that is not before it. */
  private String months(String from, String to) {
    String difference =
        "((%s - %s) * 12 + (%s - %s))"
            .formatted(
                part(to, "YEAR"), part(from, "YEAR"), part(to, "MONTH"), part(from, "MONTH"));
    return "(%s - (timestamp_shift(%s, 'P1M', %s, %s) > %s))"
        .formatted(difference, from, difference, zoneText(), to);
  }

  private String part(String time, String unit) {
    return "timestamp_extract(%s, '%s', %s)".formatted(time, unit, zoneText());
  }

  private String extract(RexCall call) {
    TimeUnitRange unit = ((RexLiteral) call.getOperands().get(0)).getValueAs(TimeUnitRange.class);
    RexNode time = call.getOperands().get(1);
    if (unit == null || isInterval(time)) {
      throw unsupported(call);
    }
    return part(write(time), unit.name());
  }

  private String rounded(RexCall call, String direction) {
    RexNode value = call.getOperands().get(0);
    if (call.getOperands().size() == 1) {
      // A whole number is its own.
      return isDecimal(value.getType()) ? function(direction, List.of(value)) : write(value);
    }
    TimeUnitRange unit = ((RexLiteral) call.getOperands().get(1)).getValueAs(TimeUnitRange.class);
    String period = unit == null ? null : TimePeriods.of(unit);
    if (period == null) {
      throw unsupported(call);
    }
    return "timestamp_%s(%s, '%s', null, %s)"
        .formatted(direction, write(value), period, zoneText());
  }

  private String trim(RexCall call) {
    SqlTrimFunction.Flag flag =
        ((RexLiteral) call.getOperands().get(0)).getValueAs(SqlTrimFunction.Flag.class);
    String function =
        flag == SqlTrimFunction.Flag.LEADING
            ? "ltrim"
            : flag == SqlTrimFunction.Flag.TRAILING ? "rtrim" : "trim";
    return function(function, List.of(call.getOperands().get(2), call.getOperands().get(1)));
  }

  private String position(List<RexNode> args) {
    String from = args.size() > 2 ? ", " + write(args.get(2)) + " - 1" : "";
    return "(strpos(%s, %s%s) + 1)".formatted(write(args.get(1)), write(args.get(0)), from);
  }

  /** The first character is 1; what lies before it is empty but counts. */
  private String substring(List<RexNode> args) {
    String text = write(args.get(0));
    Long start = wholeLiteral(args.get(1));
    if (start != null && start >= 1 && args.size() == 2) {
      return "substring(%s, %d, -1)".formatted(text, start - 1);
    }
    Long length = args.size() > 2 ? wholeLiteral(args.get(2)) : null;
    if (start != null && start >= 1 && length != null && length >= 0) {
      return "substring(%s, %d, %d)".formatted(text, start - 1, length);
    }
    String from = write(args.get(1));
    String begin = "max(%s - 1, 0)".formatted(from);
    if (args.size() == 2) {
      return "substring(%s, %s, -1)".formatted(text, begin);
    }
    String end = "(%s - 1 + %s)".formatted(from, write(args.get(2)));
    return "substring(%s, %s, max(max(%s, 0) - %s, 0))".formatted(text, begin, end, begin);
  }

  String substringOf(CallWriter call) {
    List<RexNode> args = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      args.add(call.operand(i));
    }
    return substring(args);
  }

  String truncatedOf(CallWriter call) {
    return truncated(
        call.count() == 1 ? List.of(call.operand(0)) : List.of(call.operand(0), call.operand(1)));
  }

  private String round(List<RexNode> args) {
    return function("round", args);
  }

  private String truncated(List<RexNode> args) {
    String value = write(args.get(0));
    Long digits = args.size() == 1 ? (Long) 0L : wholeLiteral(args.get(1));
    if (digits == null || digits < -18 || digits > 18) {
      throw invalid("the digits of TRUNCATE must be a fixed number from -18 to 18");
    }
    if (!isDecimal(args.get(0).getType())) {
      long step = (long) Math.pow(10, (double) -Math.min(digits, 0));
      return digits >= 0 ? value : "(%s / %d * %d)".formatted(value, step, step);
    }
    String factor = "pow(10, " + Math.abs(digits) + ")";
    return digits >= 0
        ? "(cast(cast(%s * %s, 'LONG'), 'DOUBLE') / %s)".formatted(value, factor, factor)
        : "(cast(cast(%s / %s, 'LONG'), 'DOUBLE') * %s)".formatted(value, factor, factor);
  }

  private static @Nullable Long wholeLiteral(RexNode node) {
    return node instanceof RexLiteral literal && literal.getValue() instanceof BigDecimal number
        ? (Long) number.longValue()
        : null;
  }

  /** The text of a literal, or null; anything else is refused. */
  @Nullable String literalText(RexNode node, String function, int argument) {
    RexNode bare = node;
    while (bare instanceof RexCall call && call.getKind() == SqlKind.CAST) {
      bare = call.getOperands().get(0);
    }
    if (!(bare instanceof RexLiteral literal)) {
      throw invalid("argument %d of %s must be a fixed value", argument + 1, function);
    }
    if (literal.isNull()) {
      return null;
    }
    return literal.getValue() instanceof NlsString text
        ? text.getValue()
        : String.valueOf(literal.getValue2());
  }

  String cast(RexNode node, SqlTypeName type) {
    return cast(node, rexes.getTypeFactory().createSqlType(type));
  }

  private String cast(RexNode node, RelDataType to) {
    RelDataType from = node.getType();
    SqlTypeName target = to.getSqlTypeName();
    boolean ofText = SqlTypeUtil.inCharFamily(from);
    if (from.getSqlTypeName() == SqlTypeName.NULL) {
      return "null";
    }
    if (target == SqlTypeName.TIMESTAMP || target == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
      return ofText ? parsedTime(node) : write(node);
    }
    if (target == SqlTypeName.DATE) {
      String time = ofText ? parsedTime(node) : write(node);
      return from.getSqlTypeName() == SqlTypeName.DATE
          ? time
          : "timestamp_floor(%s, 'P1D', null, %s)".formatted(time, zoneText());
    }
    if (target == SqlTypeName.BOOLEAN) {
      return truth(node, ofText);
    }
    if (SqlTypeUtil.inCharFamily(to)) {
      return text(node, ofText);
    }
    String wanted = SqlTypes.nativeType(to);
    if (wanted.startsWith("COMPLEX")) {
      return write(node);
    }
    String written = write(node);
    return wanted.equals(SqlTypes.nativeType(from))
        ? written
        : "cast(%s, '%s')".formatted(written, wanted);
  }

  private String parsedTime(RexNode node) {
    if (node instanceof RexLiteral literal && literal.getValue() instanceof NlsString text) {
      return Long.toString(TimeTexts.parse(text.getValue(), zone));
    }
    return "timestamp_parse(%s, null, %s)".formatted(write(node), zoneText());
  }

  private String truth(RexNode node, boolean ofText) {
    String value = write(node);
    if (ofText) {
      return "case_searched(lower(%s) == 'true', 1, lower(%s) == 'false', 0, null)"
          .formatted(value, value);
    }
    return node.getType().getSqlTypeName() == SqlTypeName.BOOLEAN ? value : "(" + value + " != 0)";
  }

  private String text(RexNode node, boolean ofText) {
    String value = write(node);
    if (ofText) {
      return value;
    }
    return switch (node.getType().getSqlTypeName()) {
      case BOOLEAN ->
          "case_searched(%s == 1, 'true', %s == 0, 'false', null)".formatted(value, value);
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          "timestamp_format(%s, 'yyyy-MM-dd HH:mm:ss', %s)".formatted(value, zoneText());
      case DATE -> "timestamp_format(%s, 'yyyy-MM-dd', %s)".formatted(value, zoneText());
      default -> "cast(%s, 'STRING')".formatted(value);
    };
  }

  private String literal(RexLiteral literal) {
    Object value = value(literal);
    if (value == null) {
      return "null";
    }
    if (value instanceof String text) {
      return quote(text);
    }
    if (value instanceof Long number) {
      return number == Long.MIN_VALUE
          ? "(-9223372036854775807 - 1)"
          : number < 0 ? "(- " + -number + ")" : number.toString();
    }
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw unsupported(literal);
      }
      String plain = Double.toString(Math.abs(number));
      return number < 0 ? "(- " + plain + ")" : plain;
    }
    throw unsupported(literal);
  }

  /** A literal as a value of native queries: null, a Long, a Double or a String. */
  public @Nullable Object value(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    RelDataType type = literal.getType();
    SqlTypeName name = type.getSqlTypeName();
    if (SqlTypeName.INTERVAL_TYPES.contains(name)) {
      return ((BigDecimal) literal.getValue()).longValue();
    }
    return switch (name) {
      case BOOLEAN -> Boolean.TRUE.equals(literal.getValue()) ? 1L : 0L;
      case CHAR, VARCHAR -> ((NlsString) literal.getValue()).getValue();
      case TINYINT, SMALLINT, INTEGER, BIGINT -> whole((BigDecimal) literal.getValue());
      case DECIMAL, FLOAT, REAL, DOUBLE ->
          literal.getValue() instanceof Double number
              ? number
              : (Object) ((BigDecimal) literal.getValue()).doubleValue();
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, DATE -> millis(literal);
      default -> throw unsupported(literal);
    };
  }

  private Long whole(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw invalid("the number %s does not fit into 64 bits", number);
    }
  }

  /** A time that is written without a zone is one of the session's zone. */
  public long millis(RexLiteral literal) {
    long wall =
        literal.getType().getSqlTypeName() == SqlTypeName.DATE
            ? literal.getValueAs(Integer.class) * 86_400_000L
            : literal.getValueAs(Long.class);
    return zone.equals(ZoneOffset.UTC)
        ? wall
        : LocalDateTime.ofInstant(Instant.ofEpochMilli(wall), ZoneOffset.UTC)
            .atZone(zone)
            .toInstant()
            .toEpochMilli();
  }
}
