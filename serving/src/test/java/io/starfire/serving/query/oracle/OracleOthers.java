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
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;

/** What topN, scan, timeBoundary and dataSourceMetadata mean. */
final class OracleOthers {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OracleOthers() {}

  static JsonNode topN(JsonNode query, List<SampleRow> rows) {
    JsonNode dimension = query.get("dimension");
    String name = Oracle.outputName(dimension);
    JsonNode metric = query.get("metric");
    boolean inverted = metric.path("type").asText().equals("inverted");
    JsonNode plain = inverted ? metric.get("metric") : metric;
    Map<Long, Map<Object, List<SampleRow>>> buckets = new TreeMap<>();
    for (SampleRow row : rows) {
      for (Object value : Oracle.dimensionValues(dimension, row)) {
        if (isAfterStop(plain, inverted, value)) {
          buckets
              .computeIfAbsent(Oracle.bucket(query, row.timeMillis()), time -> new HashMap<>())
              .computeIfAbsent(value, unused -> new ArrayList<>())
              .add(row);
        }
      }
    }
    ArrayNode answer = JSON.arrayNode();
    buckets.forEach(
        (time, groups) -> {
          List<Map<String, Object>> found = new ArrayList<>();
          groups.forEach(
              (value, members) -> {
                Map<String, Object> outputs = new LinkedHashMap<>();
                outputs.put(name, value);
                outputs.putAll(OracleAggregates.outputs(query, outputs, members));
                found.add(outputs);
              });
          found.sort(rank(query, plain, inverted, name));
          ObjectNode bucket =
              answer
                  .addObject()
                  .put("timestamp", OracleBuckets.text(query.get("granularity"), time));
          ArrayNode result = bucket.putArray("result");
          found.stream()
              .limit(query.get("threshold").asInt())
              .forEach(outputs -> result.add(Oracle.object(outputs)));
        });
    return answer;
  }

  private static boolean isAfterStop(JsonNode metric, boolean inverted, Object value) {
    if (!metric.hasNonNull("previousStop")) {
      return true;
    }
    String order = metric.path("ordering").asText("lexicographic");
    int comparison = OracleValues.compareIn(order, value, metric.get("previousStop").asText());
    return inverted ? comparison < 0 : comparison > 0;
  }

  private static Comparator<Map<String, Object>> rank(
      JsonNode query, JsonNode metric, boolean inverted, String name) {
    if (metric.path("type").asText().equals("dimension")) {
      String order = metric.path("ordering").asText("lexicographic");
      Comparator<Map<String, Object>> byValue =
          (a, b) -> OracleValues.compareIn(order, a.get(name), b.get(name));
      return inverted ? byValue.reversed() : byValue;
    }
    String output = metric.isTextual() ? metric.asText() : metric.get("metric").asText();
    Comparator<Object> values = Oracle.orderOf(query, output);
    Comparator<Object> nullsLast = Comparator.nullsLast(inverted ? values : values.reversed());
    Comparator<Map<String, Object>> byMetric =
        (a, b) -> nullsLast.compare(a.get(output), b.get(output));
    return byMetric.thenComparing(
        (a, b) -> OracleValues.compareNaturally(a.get(name), b.get(name)));
  }

  /** For timeBoundary and dataSourceMetadata. */
  static JsonNode times(JsonNode query, List<SampleRow> rows) {
    ArrayNode answer = JSON.arrayNode();
    if (rows.isEmpty()) {
      return answer;
    }
    LongSummaryStatistics times =
        rows.stream().mapToLong(SampleRow::timeMillis).summaryStatistics();
    ObjectNode result = JSON.objectNode();
    if (query.get("queryType").asText().equals("dataSourceMetadata")) {
      result.put("maxIngestedEventTime", Times.format(times.getMax()));
    } else {
      String bound = query.path("bound").asText("");
      if (!bound.equals("maxTime")) {
        result.put("minTime", Times.format(times.getMin()));
      }
      if (!bound.equals("minTime")) {
        result.put("maxTime", Times.format(times.getMax()));
      }
    }
    answer.addObject().put("timestamp", result.elements().next().asText()).set("result", result);
    return answer;
  }

  /**
   * All rows that a scan may give, as the JSON of its compact events; those of the answer are some
   * of them, as {@link OracleTest} checks.
   */
  static List<String> events(JsonNode query, List<SampleRow> rows) {
    List<String> events = new ArrayList<>();
    for (SampleRow row : rows) {
      ArrayNode event = JSON.arrayNode();
      for (JsonNode column : query.get("columns")) {
        List<?> values = row.values(column.asText());
        if (values.size() == 1) {
          event.add(OracleValues.json(values.get(0)));
        } else {
          ArrayNode several = event.addArray();
          values.forEach(value -> several.add(OracleValues.json(value)));
        }
      }
      events.add(event.toString());
    }
    return events;
  }
}
