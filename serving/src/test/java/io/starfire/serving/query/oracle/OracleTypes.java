package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.Times;
import io.starfire.serving.query.sample.SampleRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What topN, search, timeBoundary and dataSourceMetadata queries mean, as {@link Oracle} for the
 * others.
 */
final class OracleTypes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OracleTypes() {}

  /** A value of the dimension in one bucket, with its outputs. */
  private record Ranked(Object value, Map<String, Object> outputs) {}

  static JsonNode topN(JsonNode query, List<SampleRow> rows) {
    JsonNode dimension = query.get("dimension");
    Map<Long, Map<List<Object>, List<SampleRow>>> buckets = new TreeMap<>();
    for (SampleRow row : Oracle.chosen(query, rows)) {
      for (Object value : Oracle.dimensionValues(dimension, row)) {
        List<Object> key = new ArrayList<>();
        key.add(value);
        buckets
            .computeIfAbsent(Oracle.bucket(query, row.timeMillis()), unused -> new HashMap<>())
            .computeIfAbsent(key, unused -> new ArrayList<>())
            .add(row);
      }
    }
    ArrayNode answer = JSON.arrayNode();
    buckets.forEach(
        (time, groups) -> {
          groups.keySet().removeIf(key -> !isAfterStop(query.get("metric"), key.get(0), false));
          List<Ranked> ranked = new ArrayList<>();
          groups.forEach(
              (key, members) -> ranked.add(ranked(query, dimension, key.get(0), members)));
          ranked.sort(order(query));
          ObjectNode bucket =
              answer
                  .addObject()
                  .put("timestamp", OracleBuckets.text(query.get("granularity"), time));
          ArrayNode result = bucket.putArray("result");
          ranked.stream()
              .limit(query.get("threshold").asLong())
              .forEach(one -> result.add(Oracle.object(one.outputs)));
        });
    removeEmpty(answer);
    return answer;
  }

  /** Buckets in which nothing comes after the previous stop. */
  private static void removeEmpty(ArrayNode answer) {
    for (int i = answer.size() - 1; i >= 0; i--) {
      if (answer.get(i).get("result").isEmpty()) {
        answer.remove(i);
      }
    }
  }

  private static Ranked ranked(
      JsonNode query, JsonNode dimension, Object value, List<SampleRow> members) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put(Oracle.outputName(dimension), value);
    outputs.putAll(OracleAggregates.outputs(query, outputs, members));
    return new Ranked(value, outputs);
  }

  private static boolean isAfterStop(JsonNode metric, Object value, boolean inverted) {
    String type = metric.isTextual() ? "numeric" : metric.get("type").asText();
    if (type.equals("inverted")) {
      return isAfterStop(metric.get("metric"), value, !inverted);
    }
    if (type.equals("numeric") || !metric.has("previousStop")) {
      return true;
    }
    int order =
        OracleValues.compareIn(ordering(metric), value, metric.get("previousStop").asText());
    return inverted ? order < 0 : order > 0;
  }

  private static String ordering(JsonNode metric) {
    return switch (metric.get("type").asText()) {
      case "lexicographic" -> "lexicographic";
      case "alphaNumeric" -> "alphanumeric";
      default -> metric.path("ordering").asText("lexicographic");
    };
  }

  private static Comparator<Ranked> order(JsonNode query) {
    return order(query, query.get("metric"), false);
  }

  private static Comparator<Ranked> order(JsonNode query, JsonNode metric, boolean inverted) {
    String type = metric.isTextual() ? "numeric" : metric.get("type").asText();
    if (type.equals("inverted")) {
      return order(query, metric.get("metric"), !inverted);
    }
    if (!type.equals("numeric")) {
      Comparator<Ranked> byValue =
          (a, b) -> OracleValues.compareIn(ordering(metric), a.value, b.value);
      return inverted ? byValue.reversed() : byValue;
    }
    String name = metric.isTextual() ? metric.asText() : metric.get("metric").asText();
    boolean numericFirst = false;
    for (JsonNode post : query.path("postAggregations")) {
      numericFirst |= post.get("name").asText().equals(name) && post.has("ordering");
    }
    Comparator<Object> ascending = OracleValues::compareNaturally;
    if (numericFirst) {
      Comparator<Object> finiteLast =
          Comparator.comparing(value -> Double.isFinite((Double) value));
      ascending = finiteLast.thenComparing(ascending);
    }
    Comparator<Object> best = inverted ? ascending : ascending.reversed();
    return Comparator.comparing((Ranked one) -> one.outputs.get(name), Comparator.nullsLast(best))
        .thenComparing(Ranked::value, OracleValues::compareNaturally);
  }

  /** A value that a search found in a bucket. */
  private record Found(long time, String dimension, String value) {}

  static JsonNode search(JsonNode query, List<SampleRow> rows, List<String> dimensions) {
    List<String> searched = new ArrayList<>();
    query.path("searchDimensions").forEach(one -> searched.add(one.asText()));
    Map<Found, Long> counts = new HashMap<>();
    for (SampleRow row : Oracle.chosen(query, rows)) {
      for (String dimension : searched.isEmpty() ? dimensions : searched) {
        for (Object value : Oracle.dimensionValues(JSON.textNode(dimension), row)) {
          if (value != null && finds(query.get("query"), value.toString())) {
            long time = Oracle.bucket(query, row.timeMillis());
            counts.merge(new Found(time, dimension, value.toString()), 1L, Long::sum);
          }
        }
      }
    }
    String order = query.path("sort").path("type").asText("lexicographic");
    Map<Long, List<Found>> buckets = new TreeMap<>();
    counts
        .keySet()
        .forEach(one -> buckets.computeIfAbsent(one.time, t -> new ArrayList<>()).add(one));
    ArrayNode answer = JSON.arrayNode();
    List<String> inTurn = searched.isEmpty() ? dimensions : searched;
    buckets.forEach(
        (time, found) -> {
          found.sort(
              Comparator.comparingInt((Found one) -> inTurn.indexOf(one.dimension))
                  .thenComparing(Found::value, OracleValues::compareBytes));
          List<Found> first =
              new ArrayList<>(found.stream().limit(query.path("limit").asLong(1000)).toList());
          first.sort(
              Comparator.comparing(Found::value, (a, b) -> OracleValues.compareIn(order, a, b))
                  .thenComparing(Found::dimension, OracleValues::compareBytes));
          ArrayNode result =
              answer
                  .addObject()
                  .put("timestamp", OracleBuckets.text(query.path("granularity"), time))
                  .putArray("result");
          first.forEach(
              one ->
                  result
                      .addObject()
                      .put("dimension", one.dimension)
                      .put("value", one.value)
                      .put("count", counts.get(one)));
        });
    return answer;
  }

  private static boolean finds(JsonNode match, String value) {
    boolean caseSensitive = match.path("case_sensitive").asBoolean();
    String text = caseSensitive ? value : value.toLowerCase(Locale.ROOT);
    return switch (match.get("type").asText()) {
      case "all" -> true;
      case "regex" -> Pattern.compile(match.get("pattern").asText()).matcher(value).find();
      case "fragment" -> {
        boolean all = true;
        for (JsonNode fragment : match.get("values")) {
          all &= text.contains(caseSensitive ? fragment.asText() : lower(fragment.asText()));
        }
        yield all;
      }
      default ->
          text.contains(
              caseSensitive ? match.get("value").asText() : lower(match.get("value").asText()));
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static JsonNode timeBoundary(JsonNode query, List<SampleRow> rows) {
    boolean newest = query.get("queryType").asText().equals("dataSourceMetadata");
    List<Long> times =
        (query.has("intervals")
                ? Oracle.chosen(query, rows)
                : rows.stream()
                    .filter(row -> OracleFilters.matches(query.get("filter"), row::values))
                    .toList())
            .stream().map(SampleRow::timeMillis).sorted().toList();
    ArrayNode answer = JSON.arrayNode();
    if (times.isEmpty()) {
      return answer;
    }
    String min = Times.format(times.get(0));
    String max = Times.format(times.get(times.size() - 1));
    String bound = query.path("bound").asText("");
    ObjectNode row =
        answer.addObject().put("timestamp", newest || bound.equals("maxTime") ? max : min);
    ObjectNode result = row.putObject("result");
    if (newest) {
      result.put("maxIngestedEventTime", max);
    } else {
      if (!bound.equals("maxTime")) {
        result.put("minTime", min);
      }
      if (!bound.equals("minTime")) {
        result.put("maxTime", max);
      }
    }
    return answer;
  }
}
