package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Interval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What filters and havings mean, in SQL's three-valued logic. */
final class OracleFilters {
  private OracleFilters() {}

  /** The values of a column in the row at hand: one or more, each null, String, Long or Double. */
  interface Row extends Function<String, List<?>> {}

  static boolean matches(JsonNode filter, Row row) {
    return filter == null || filter.isNull() || Boolean.TRUE.equals(truth(filter, row));
  }

  /** True, false, or null for unknown. */
  static Boolean truth(JsonNode filter, Row row) {
    return switch (filter.get("type").asText()) {
      case "true", "always" -> true;
      case "false", "never" -> false;
      case "and" -> any(all(filter, row), false);
      case "or" -> any(all(filter, row), true);
      case "not" -> {
        JsonNode inner = filter.has("field") ? filter.get("field") : filter.get("havingSpec");
        Boolean truth = truth(inner, row);
        yield truth == null ? null : (Boolean) !truth;
      }
      case "istrue" -> Boolean.TRUE.equals(truth(filter.get("field"), row));
      case "isfalse" -> Boolean.FALSE.equals(truth(filter.get("field"), row));
      case "filter" -> truth(filter.get("filter"), row);
      case "expression" -> {
        yield any(OracleExpressions.truths(filter.get("expression").asText(), row), true);
      }
      case "columnComparison" -> same(filter.get("dimensions"), row);
      default -> {
        String column =
            filter.has("dimension")
                ? filter.get("dimension").asText()
                : filter.path(filter.has("column") ? "column" : "aggregation").asText();
        List<Boolean> truths = new ArrayList<>();
        row.apply(column).forEach(value -> truths.add(ofValue(filter, value)));
        yield any(truths, true);
      }
    };
  }

  /** Whether two columns have a value in common: numbers by value, and with text as text. */
  private static boolean same(JsonNode dimensions, Row row) {
    for (Object left : row.apply(dimensions.get(0).asText())) {
      for (Object right : row.apply(dimensions.get(1).asText())) {
        if (same(left, right)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean same(Object left, Object right) {
    if (left == null || right == null) {
      return left == null && right == null;
    }
    if (left instanceof String || right instanceof String) {
      return left.toString().equals(right.toString());
    }
    return (left instanceof Double || right instanceof Double)
        ? number(left).equals(number(right))
        : left.equals(right);
  }

  private static Double number(Object value) {
    return ((Number) value).doubleValue() + 0.0;
  }

  private static List<Boolean> all(JsonNode filter, Row row) {
    List<Boolean> truths = new ArrayList<>();
    JsonNode fields = filter.has("fields") ? filter.get("fields") : filter.get("havingSpecs");
    fields.forEach(field -> truths.add(truth(field, row)));
    return truths;
  }

  /** {@code decisive} if one is; otherwise unknown if one is; otherwise the opposite. */
  private static Boolean any(List<Boolean> truths, boolean decisive) {
    if (truths.contains(decisive)) {
      return decisive;
    }
    return truths.contains(null) ? null : (Boolean) !decisive;
  }

  private static Boolean ofValue(JsonNode filter, Object value) {
    String type = filter.get("type").asText();
    if (type.equals("selector") || type.equals("dimSelector")) {
      return in(List.of(filter.path("value")), value);
    }
    if (type.equals("null")) {
      return value == null;
    }
    if (type.equals("in")) {
      return in(filter.get("values"), value);
    }
    if (value == null) {
      return null;
    }
    return switch (type) {
      case "equals" -> equal(value, typed(filter, "matchValue"));
      case "bound" -> bound(filter, value);
      case "range" -> range(filter, value);
      case "like" -> like(filter).test(value.toString());
      case "regex" ->
          Pattern.compile(filter.get("pattern").asText()).matcher(value.toString()).find();
      case "interval" -> interval(filter, value);
      case "greaterThan" -> against(filter, value) > 0;
      case "lessThan" -> against(filter, value) < 0;
      case "equalTo" -> against(filter, value) == 0;
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static Boolean in(Iterable<JsonNode> asked, Object value) {
    boolean forNull = false;
    boolean found = false;
    for (JsonNode one : asked) {
      boolean isNull = one.isNull() || one.isMissingNode();
      forNull |= isNull;
      found |= !isNull && value != null && equal(value, one.asText());
    }
    if (value == null) {
      return forNull ? (Boolean) true : null;
    }
    return found;
  }

  private static boolean equal(Object value, String asked) {
    if (value instanceof String || !isNumber(value)) {
      return value.toString().equals(asked);
    }
    BigDecimal number = OracleValues.number(asked);
    return number != null && number.compareTo(new BigDecimal(value.toString())) == 0;
  }

  /** Not for NaN and the infinities. */
  private static boolean isNumber(Object value) {
    return value instanceof Long || (value instanceof Double real && Double.isFinite(real));
  }

  /** The text that a value of the match value's type has. */
  private static String typed(JsonNode filter, String field) {
    if (!filter.hasNonNull(field)) {
      return null;
    }
    String text = filter.get(field).asText();
    return switch (filter.get("matchValueType").asText().toUpperCase(Locale.ROOT)) {
      case "LONG" -> Long.toString(Long.parseLong(text));
      case "DOUBLE", "FLOAT" -> Double.toString(Double.parseDouble(text));
      default -> text;
    };
  }

  private static boolean range(JsonNode filter, Object value) {
    boolean text =
        value instanceof String && filter.get("matchValueType").asText().equals("STRING");
    return between(
        value,
        text ? "lexicographic" : "numeric",
        new End(typed(filter, "lower"), filter.path("lowerOpen").asBoolean()),
        new End(typed(filter, "upper"), filter.path("upperOpen").asBoolean()));
  }

  private static boolean bound(JsonNode filter, Object value) {
    String ordering = filter.path("ordering").asText("lexicographic");
    if (ordering.equals("natural")) {
      ordering = value instanceof String ? "lexicographic" : "numeric";
    }
    return between(
        value,
        ordering,
        new End(
            filter.hasNonNull("lower") ? filter.get("lower").asText() : null,
            filter.path("lowerStrict").asBoolean()),
        new End(
            filter.hasNonNull("upper") ? filter.get("upper").asText() : null,
            filter.path("upperStrict").asBoolean()));
  }

  private record End(String value, boolean open) {}

  private static boolean between(Object value, String order, End lower, End upper) {
    int toLower = lower.value == null ? 1 : compare(value, order, lower.value);
    int toUpper = upper.value == null ? -1 : compare(value, order, upper.value);
    if (order.equals("numeric")) {
      boolean none =
          value instanceof Double real
              ? Double.isNaN(real)
              : OracleValues.number(value.toString()) == null;
      if (none) {
        return false;
      }
    }
    return (lower.open ? toLower > 0 : toLower >= 0) && (upper.open ? toUpper < 0 : toUpper <= 0);
  }

  private static int compare(Object value, String order, String end) {
    if (order.equals("numeric")) {
      if (value instanceof Double real && !Double.isFinite(real)) {
        return real > 0 ? 1 : -1;
      }
      BigDecimal number = OracleValues.number(value.toString());
      return number == null ? 0 : number.compareTo(new BigDecimal(end));
    }
    return OracleValues.compareIn(order, value.toString(), end);
  }

  /** NaN compares as nothing: neither above, below nor equal. */
  private static double against(JsonNode having, Object value) {
    BigDecimal end = new BigDecimal(having.get("value").asText());
    if (value instanceof Double real && !Double.isFinite(real)) {
      return real;
    }
    BigDecimal number = OracleValues.number(value.toString());
    return number == null ? Double.NaN : number.compareTo(end);
  }

  private static boolean interval(JsonNode filter, Object value) {
    if (value instanceof Double real && !Double.isFinite(real)) {
      return false;
    }
    BigDecimal number = OracleValues.number(value.toString());
    for (JsonNode one : filter.get("intervals")) {
      Interval interval = Interval.parse(one.asText());
      if (number != null
          && number.compareTo(BigDecimal.valueOf(interval.startMillis())) >= 0
          && number.compareTo(BigDecimal.valueOf(interval.endMillis())) < 0) {
        return true;
      }
    }
    return false;
  }

  /** By way of a regular expression. */
  private static Predicate<String> like(JsonNode filter) {
    String escape = filter.path("escape").asText("");
    StringBuilder regex = new StringBuilder();
    boolean escaped = false;
    for (int character : filter.get("pattern").asText().codePoints().toArray()) {
      String text = Character.toString(character);
      if (!escaped && text.equals(escape)) {
        escaped = true;
        continue;
      }
      boolean special = !escaped && (text.equals("%") || text.equals("_"));
      regex.append(special ? (text.equals("%") ? ".*" : ".") : Pattern.quote(text));
      escaped = false;
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
  }
}
