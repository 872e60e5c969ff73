package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.serving.query.sample.SampleRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What expressions mean, read and computed anew for each row. Understands what {@link
 * OracleExpressionTexts} writes: operators with brackets around both operands, names in double
 * quotes, and a few functions.
 */
final class OracleExpressions {
  private static final String TAGS = "tags";

  /** Of columns that may have several values in a row. */
  private static final List<String> NAMES = List.of(TAGS, "v1", "v2");

  /** Keeps the digits of a fraction. */
  private static final JsonMapper TREE_READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Map<String, JsonNode> TREES = new ConcurrentHashMap<>();

  private final String text;
  private final Function<String, Object> values;
  private int at;

  private OracleExpressions(String text, Function<String, Object> values) {
    this.text = text;
    this.values = values;
  }

  /** The rows with the values of a query's virtual columns. */
  static List<SampleRow> withVirtual(JsonNode query, List<SampleRow> rows) {
    if (query.path("virtualColumns").isEmpty()) {
      return rows;
    }
    List<SampleRow> longer = new ArrayList<>();
    for (SampleRow row : rows) {
      Map<String, Object> all = new LinkedHashMap<>(row.values());
      SampleRow sofar = new SampleRow(row.timeMillis(), all);
      for (JsonNode column : query.get("virtualColumns")) {
        all.put(column.get("name").asText(), of(column.get("expression").asText(), sofar));
      }
      longer.add(sofar);
    }
    return longer;
  }

  /** Null, a Long, a Double or a String. */
  static Object of(String text, Function<String, Object> values) {
    return new OracleExpressions(text, values).value();
  }

  /** The same, or a list of Strings for each of the row's tags. */
  static Object of(String text, SampleRow row) {
    if (!text.contains('"' + TAGS + '"')) {
      return whole(new OracleExpressions(text, row::value).value());
    }
    List<String> all = new ArrayList<>();
    for (Object tag : row.values(TAGS)) {
      Object value =
          new OracleExpressions(text, name -> name.equals(TAGS) ? tag : row.value(name)).value();
      all.add(value == null ? null : (String) whole(value.toString()));
    }
    return all;
  }

  /**
   * What it says of a row: once, or for each value of a column that has several, and for each
   * combination if there are more such columns. True, false or null for unknown.
   */
  static List<Boolean> truths(String text, Function<String, List<?>> row) {
    List<Map<String, Object>> combinations = new ArrayList<>(List.of(Map.of()));
    for (String name : severalIn(text, row)) {
      List<Map<String, Object>> longer = new ArrayList<>();
      for (Map<String, Object> chosen : combinations) {
        for (Object value : row.apply(name)) {
          Map<String, Object> more = new LinkedHashMap<>(chosen);
          more.put(name, value);
          longer.add(more);
        }
      }
      combinations = longer;
    }
    List<Boolean> truths = new ArrayList<>();
    for (Map<String, Object> chosen : combinations) {
      Object value =
          of(text, name -> chosen.containsKey(name) ? chosen.get(name) : row.apply(name).get(0));
      truths.add(value == null ? null : (Boolean) value.equals(1L));
    }
    return truths;
  }

  private static List<String> severalIn(String text, Function<String, List<?>> row) {
    return NAMES.stream()
        .filter(name -> text.contains('"' + name + '"') && row.apply(name).size() > 1)
        .toList();
  }

  /** Without halves of surrogate pairs. */
  private static Object whole(Object value) {
    return value instanceof String text ? text.replaceAll("[\\uD800-\\uDFFF]", "\uFFFD") : value;
  }

  private Object value() {
    char first = text.charAt(at);
    if (first == '(') {
      return inBrackets();
    }
    if (first == '!') {
      at++;
      Boolean truth = truth(value());
      return truth == null ? null : (Object) (truth ? 0L : 1L);
    }
    if (first == '\'' || first == '"') {
      int end = text.indexOf(first, at + 1);
      while (text.charAt(end - 1) == '\\') {
        end = text.indexOf(first, end + 1);
      }
      String inner = text.substring(at + 1, end).replace("\\" + first, Character.toString(first));
      at = end + 1;
      return first == '"' ? values.apply(inner) : inner;
    }
    int end = at + 1;
    while (end < text.length() && "()', ".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String word = text.substring(at, end);
    at = end;
    if (word.equals("null")) {
      return null;
    }
    if (Character.isDigit(word.charAt(word.length() - 1))) {
      return word.contains(".") ? (Object) Double.parseDouble(word) : (Object) Long.parseLong(word);
    }
    List<Object> arguments = new ArrayList<>();
    while (text.charAt(at) != ')') {
      at += text.charAt(at) == ',' ? 2 : 1;
      arguments.add(value());
    }
    at++;
    return call(word, arguments);
  }

  private Object inBrackets() {
    at++;
    Object left = value();
    int end = text.indexOf(' ', at + 1);
    String operator = text.substring(at + 1, end);
    at = end + 1;
    Object right = value();
    at++;
    return binary(operator, left, right);
  }

  private static Boolean truth(Object value) {
    return value == null ? null : (Boolean) (((Number) value).doubleValue() > 0);
  }

  private static Object number(boolean truth) {
    return truth ? 1L : 0L;
  }

  private static Object binary(String operator, Object left, Object right) {
    if (operator.equals("&&") || operator.equals("||")) {
      Boolean decisive = operator.equals("||");
      List<Boolean> both = Arrays.asList(truth(left), truth(right));
      if (both.contains(decisive)) {
        return number(decisive);
      }
      return both.contains(null) ? null : number(!decisive);
    }
    if (left == null || right == null) {
      return null;
    }
    if (left instanceof String one && right instanceof String other) {
      return operator.equals("+")
          ? one + other
          : compared(operator, OracleValues.compareBytes(one, other));
    }
    if (left instanceof Long one && right instanceof Long other) {
      return switch (operator) {
        case "+" -> one + other;
        case "-" -> one - other;
        case "*" -> one * other;
        case "/" -> other == 0 ? null : (Object) (one / other);
        case "%" -> other == 0 ? null : (Object) (one % other);
        default -> compared(operator, Long.compare(one, other));
      };
    }
    double one = ((Number) left).doubleValue();
    double other = ((Number) right).doubleValue();
    return switch (operator) {
      case "+" -> one + other;
      case "-" -> one - other;
      case "*" -> one * other;
      default -> {
        boolean nan = Double.isNaN(one) || Double.isNaN(other);
        if (nan) {
          boolean same = Double.isNaN(one) && Double.isNaN(other);
          yield number(operator.equals("==") ? same : operator.equals("!=") && !same);
        }
        yield compared(operator, one < other ? -1 : one > other ? 1 : 0);
      }
    };
  }

  private static Object compared(String operator, int order) {
    return number(
        switch (operator) {
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order > 0;
          case ">=" -> order >= 0;
          case "==" -> order == 0;
          default -> order != 0;
        });
  }

  private static Object call(String name, List<Object> arguments) {
    Object first = arguments.get(0);
    return switch (name) {
      case "nvl" -> first == null ? arguments.get(1) : first;
      case "if" -> Boolean.TRUE.equals(truth(first)) ? arguments.get(1) : arguments.get(2);
      case "case_searched" -> searched(arguments);
      case "isnull" -> number(first == null);
      default -> arguments.stream().anyMatch(Objects::isNull) ? null : strict(name, arguments);
    };
  }

  private static Object searched(List<Object> arguments) {
    for (int i = 0; i + 1 < arguments.size(); i += 2) {
      if (Boolean.TRUE.equals(truth(arguments.get(i)))) {
        return arguments.get(i + 1);
      }
    }
    return arguments.get(arguments.size() - 1);
  }

  private static Object strict(String name, List<Object> arguments) {
    Object first = arguments.get(0);
    return switch (name) {
      case "upper" -> ((String) first).toUpperCase(Locale.ROOT);
      case "lower" -> ((String) first).toLowerCase(Locale.ROOT);
      case "concat" -> first.toString() + arguments.get(1);
      case "strlen" -> (long) ((String) first).length();
      case "replace" ->
          ((String) first).replace((String) arguments.get(1), (String) arguments.get(2));
      case "substring" -> {
        String whole = (String) first;
        int from = (int) Math.min(whole.length(), (Long) arguments.get(1));
        yield whole.substring(from, (int) Math.min(whole.length(), from + (Long) arguments.get(2)));
      }
      case "strpos" -> (long) ((String) first).indexOf((String) arguments.get(1));
      case "regexp_extract" -> {
        var found = Pattern.compile((String) arguments.get(1)).matcher((String) first);
        yield found.find() ? found.group() : null;
      }
      case "json_value" -> {
        Object found = scalar((String) first, (String) arguments.get(1));
        yield found == null || arguments.size() < 3 ? found : cast(found, "LONG");
      }
      case "cast" -> cast(first, (String) arguments.get(1));
      case "timestamp_floor" ->
          Instant.ofEpochMilli((Long) first).truncatedTo(ChronoUnit.HOURS).toEpochMilli();
      case "timestamp_extract" ->
          (long) Instant.ofEpochMilli((Long) first).atZone(ZoneOffset.ofHours(2)).getHour();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The scalar at a path as text; of numbers as they are written. */
  private static Object scalar(String json, String path) {
    JsonNode node = TREES.computeIfAbsent(json, OracleExpressions::tree);
    for (String step : path.substring(1).replace("[", ".[").split("\\.", -1)) {
      if (step.startsWith("[")) {
        node = node.path(Integer.parseInt(step.substring(1, step.length() - 1)));
      } else if (!step.isEmpty()) {
        node = node.path(step);
      }
    }
    return node.isValueNode() && !node.isNull() ? node.asText() : null;
  }

  private static JsonNode tree(String json) {
    try {
      return TREE_READER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static Object cast(Object value, String type) {
    if (type.equals("STRING")) {
      return value.toString();
    }
    BigDecimal number = OracleValues.number(value.toString());
    return number == null || number.toBigInteger().bitLength() > 63
        ? null
        : (Object) number.longValue();
  }
}
