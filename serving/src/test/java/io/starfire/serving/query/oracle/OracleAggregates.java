package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.serving.query.sample.SampleRow;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** What aggregations and post-aggregations mean. */
final class OracleAggregates {
  private static final String COMPUTED = "computed by an expression";

  private OracleAggregates() {}

  /** The outputs of a group besides its dimensions, in order. */
  static Map<String, Object> outputs(
      JsonNode query, Map<String, Object> dimensions, List<SampleRow> rows) {
    Map<String, Object> outputs = new LinkedHashMap<>(dimensions);
    for (JsonNode aggregation : query.path("aggregations")) {
      outputs.put(name(aggregation), value(query, aggregation, rows));
    }
    for (JsonNode post : query.path("postAggregations")) {
      outputs.put(post.get("name").asText(), compute(post, outputs));
    }
    dimensions.keySet().forEach(outputs::remove);
    return outputs;
  }

  static String name(JsonNode aggregation) {
    return aggregation.has("name")
        ? aggregation.get("name").asText()
        : name(aggregation.get("aggregator"));
  }

  private static Object value(JsonNode query, JsonNode aggregation, List<SampleRow> rows) {
    String type = aggregation.get("type").asText();
    if (type.equals("filtered")) {
      List<SampleRow> kept = new ArrayList<>();
      for (SampleRow row : rows) {
        if (OracleFilters.matches(aggregation.get("filter"), row::values)) {
          kept.add(row);
        }
      }
      return value(query, aggregation.get("aggregator"), kept);
    }
    if (type.equals("grouping")) {
      return grouping(query, aggregation);
    }
    if (type.equals("expression")) {
      return OracleFolds.value(aggregation, rows);
    }
    if (type.equals("count")) {
      return (long) rows.size();
    }
    if (type.equals("cardinality")) {
      return OracleSketches.cardinality(aggregation, rows);
    }
    if (OracleSketches.isSketch(type)) {
      return OracleSketches.value(aggregation, rows);
    }
    if (aggregation.has("expression")) {
      ObjectNode named = aggregation.deepCopy();
      named.put("fieldName", COMPUTED).remove("expression");
      return value(query, named, computed(aggregation, rows));
    }
    String field = aggregation.get("fieldName").asText();
    String kind = type.replace("float", "double");
    if (kind.endsWith("First") || kind.endsWith("Last")) {
      Object end = end(kind, field, aggregation.path("timeColumn").asText("__time"), rows);
      return cut(end, aggregation.path("maxStringBytes").asInt(0));
    }
    List<Number> inputs = new ArrayList<>();
    for (SampleRow row : rows) {
      if (row.value(field) != null) {
        inputs.add((Number) row.value(field));
      }
    }
    return inputs.isEmpty() ? null : ofNumbers(kind, inputs);
  }

  /** One bit for each name: 0 if it is a dimension of the subtotal. */
  private static long grouping(JsonNode query, JsonNode aggregation) {
    StringBuilder bits = new StringBuilder("0");
    for (JsonNode name : aggregation.get("groupings")) {
      boolean there = false;
      for (JsonNode dimension : query.path("dimensions")) {
        there |= Oracle.outputName(dimension).equals(name.asText());
      }
      bits.append(there ? '0' : '1');
    }
    return Long.parseLong(bits.toString(), 2);
  }

  /** The rows with the value of an aggregation's own expression. */
  private static List<SampleRow> computed(JsonNode aggregation, List<SampleRow> rows) {
    List<SampleRow> longer = new ArrayList<>();
    for (SampleRow row : rows) {
      Map<String, Object> values = new LinkedHashMap<>(row.values());
      values.put(COMPUTED, OracleExpressions.of(aggregation.get("expression").asText(), row));
      longer.add(new SampleRow(row.timeMillis(), values));
    }
    return longer;
  }

  private static Object ofNumbers(String kind, List<Number> inputs) {
    return switch (kind) {
      case "longSum" -> {
        BigInteger sum = BigInteger.ZERO;
        for (Number input : inputs) {
          sum = sum.add(BigInteger.valueOf(input.longValue()));
        }
        if (sum.bitLength() > 63) {
          throw new OracleError(ErrorCode.INVALID_INPUT, "does not fit into 64 bits");
        }
        yield sum.longValue();
      }
      case "longMin" -> inputs.stream().mapToLong(Number::longValue).min().getAsLong();
      case "longMax" -> inputs.stream().mapToLong(Number::longValue).max().getAsLong();
      case "doubleMin" -> inputs.stream().mapToDouble(Number::doubleValue).min().getAsDouble();
      case "doubleMax" -> inputs.stream().mapToDouble(Number::doubleValue).max().getAsDouble();
      case "doubleSum" -> sum(inputs);
      case "doubleMean" -> sum(inputs) / inputs.size();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Test values are multiples of 1/64, so that any order gives the same sum. */
  private static double sum(List<Number> inputs) {
    double sum = 0;
    for (Number input : inputs) {
      sum += input.doubleValue();
    }
    return sum;
  }

  private static Object end(String kind, String field, String timeColumn, List<SampleRow> rows) {
    boolean first = kind.endsWith("First");
    List<SampleRow> timed = rows.stream().filter(row -> row.value(timeColumn) != null).toList();
    OptionalLong time =
        first
            ? timed.stream().mapToLong(row -> (Long) row.value(timeColumn)).min()
            : timed.stream().mapToLong(row -> (Long) row.value(timeColumn)).max();
    List<Object> candidates = new ArrayList<>();
    for (SampleRow row : timed) {
      if ((Long) row.value(timeColumn) == time.getAsLong()) {
        for (Object value : row.values(field)) {
          if (value != null) {
            candidates.add(converted(kind, value));
          }
        }
      }
    }
    Comparator<Object> order = OracleValues::compareNaturally;
    return candidates.stream().min(first ? order : order.reversed()).orElse(null);
  }

  private static Object converted(String kind, Object value) {
    return kind.startsWith("string")
        ? value
        : kind.startsWith("long")
            ? (Object) ((Number) value).longValue()
            : (Object) ((Number) value).doubleValue();
  }

  private static Object cut(Object value, int maxBytes) {
    if (maxBytes == 0 || !(value instanceof String text)) {
      return value;
    }
    StringBuilder kept = new StringBuilder();
    for (int character : text.codePoints().toArray()) {
      String next = kept + Character.toString(character);
      if (next.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
        break;
      }
      kept.appendCodePoint(character);
    }
    return kept.toString();
  }

  private static Object compute(JsonNode post, Map<String, Object> outputs) {
    String type = post.get("type").asText().toLowerCase(Locale.ROOT);
    if (type.equals("constant")) {
      JsonNode value = post.get("value");
      return value.isIntegralNumber() ? (Object) value.longValue() : (Object) value.doubleValue();
    }
    if (type.endsWith("fieldaccess")) {
      return outputs.get(post.get("fieldName").asText());
    }
    List<Double> operands = new ArrayList<>();
    for (JsonNode field : post.get("fields")) {
      Object value = compute(field, outputs);
      if (value == null) {
        return null;
      }
      operands.add(((Number) value).doubleValue());
    }
    double result = operands.get(0);
    for (double operand : operands.subList(1, operands.size())) {
      result = apply(post.get("fn").asText(), result, operand);
    }
    return result;
  }

  private static double apply(String fn, double left, double right) {
    return switch (fn) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> right == 0 ? 0 : left / right;
      case "quotient" -> left / right;
      case "pow" -> Math.pow(left, right);
      default -> throw new IllegalArgumentException(fn);
    };
  }
}
