package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.Interval;
import io.starfire.serving.query.sample.SampleRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a query in JSON means, a row at a time over plain values, as JSON. Shares no code with the
 * engine or its parser. A further query type is one more case in {@link #answer}.
 */
final class Oracle {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Oracle() {}

  /**
   * The answer.
   *
   * @param rows all that are visible
   * @throws OracleError if the query must end with an error
   */
  static JsonNode answer(JsonNode query, List<SampleRow> rows) {
    return switch (query.get("queryType").asText()) {
      case "timeseries" -> timeseries(query, chosen(query, rows));
      case "groupBy" -> subtotals(query, chosen(query, rows));
      case "topN" -> OracleTypes.topN(query, rows);
      case "timeBoundary", "dataSourceMetadata" -> OracleTypes.timeBoundary(query, rows);
      default -> throw new IllegalArgumentException(query.get("queryType").asText());
    };
  }

  /** The rows of the query's intervals that its filter matches. */
  static List<SampleRow> chosen(JsonNode query, List<SampleRow> rows) {
    List<Interval> intervals = intervals(query);
    List<SampleRow> chosen = new ArrayList<>();
    for (SampleRow row : rows) {
      boolean inTime = intervals.stream().anyMatch(i -> i.contains(row.timeMillis()));
      if (inTime && OracleFilters.matches(query.get("filter"), row::values)) {
        chosen.add(row);
      }
    }
    return chosen;
  }

  static List<Interval> intervals(JsonNode query) {
    if (!query.has("intervals")) {
      return List.of(Interval.ETERNITY);
    }
    List<Interval> intervals = new ArrayList<>();
    query.get("intervals").forEach(one -> intervals.add(Interval.parse(one.asText())));
    return intervals;
  }

  static long bucket(JsonNode query, long millis) {
    long start = intervals(query).stream().mapToLong(Interval::startMillis).min().getAsLong();
    return OracleBuckets.start(query.get("granularity"), millis, start);
  }

  private static JsonNode timeseries(JsonNode query, List<SampleRow> rows) {
    JsonNode granularity = query.get("granularity");
    JsonNode context = query.path("context");
    NavigableSet<Long> times = new TreeSet<>();
    Map<Long, List<SampleRow>> buckets = new HashMap<>();
    for (SampleRow row : rows) {
      long time = bucket(query, row.timeMillis());
      times.add(time);
      buckets.computeIfAbsent(time, unused -> new ArrayList<>()).add(row);
    }
    boolean fill = !context.path("skipEmptyBuckets").asBoolean();
    if (fill && OracleBuckets.isAll(granularity)) {
      times.add(bucket(query, 0));
    } else if (fill && !OracleBuckets.isNone(granularity)) {
      intervals(query).forEach(i -> times.addAll(OracleBuckets.starts(granularity, i)));
    }
    ArrayNode answer = JSON.arrayNode();
    int limit = query.path("limit").asInt(0);
    for (long time : query.path("descending").asBoolean() ? times.descendingSet() : times) {
      ObjectNode row = timeseriesRow(query, time, buckets.getOrDefault(time, List.of()));
      if (limit == 0 || answer.size() < limit) {
        answer.add(row);
      }
    }
    if (context.path("grandTotal").asBoolean()) {
      answer.add(timeseriesRow(query, null, rows));
    }
    return answer;
  }

  private static ObjectNode timeseriesRow(JsonNode query, Long time, List<SampleRow> rows) {
    ObjectNode row = JSON.objectNode();
    row.put("timestamp", time == null ? null : OracleBuckets.text(query.get("granularity"), time));
    ObjectNode result = object(OracleAggregates.outputs(query, Map.of(), rows));
    String timeField = query.path("context").path("timestampResultField").asText("");
    if (!timeField.isEmpty()) {
      result.put(timeField, time);
    }
    row.set("result", result);
    return row;
  }

  /** One group of a groupBy: its time, and its outputs in order. */
  private record Group(long time, Map<String, Object> outputs) {}

  /** A groupBy for each subtotal, and one of everything for the grand total. */
  private static JsonNode subtotals(JsonNode query, List<SampleRow> rows) {
    boolean total = query.path("context").path("grandTotal").asBoolean();
    if (query.path("subtotalsSpec").isEmpty() && !total) {
      return groupBy(query, rows);
    }
    ArrayNode answer = JSON.arrayNode();
    if (query.path("subtotalsSpec").isEmpty()) {
      answer.addAll((ArrayNode) groupBy(query, rows));
    }
    for (JsonNode names : query.path("subtotalsSpec")) {
      ObjectNode part = query.deepCopy();
      keep((ArrayNode) part.get("dimensions"), names);
      Set<String> gone = new HashSet<>();
      query.path("dimensions").forEach(one -> gone.add(outputName(one)));
      names.forEach(name -> gone.remove(name.asText()));
      if (part.path("limitSpec").has("columns")) {
        Iterator<JsonNode> columns = part.get("limitSpec").get("columns").iterator();
        while (columns.hasNext()) {
          JsonNode column = columns.next();
          if (gone.contains(
              column.isTextual() ? column.asText() : column.get("dimension").asText())) {
            columns.remove();
          }
        }
      }
      groupBy(part, rows).forEach(row -> answer.add(widened(query, row)));
    }
    if (total) {
      ObjectNode part = query.deepCopy();
      part.remove(List.of("having", "limitSpec"));
      part.putArray("dimensions");
      JsonNode row = groupBy(part.put("granularity", "all"), rows).get(0);
      ObjectNode wide = widened(query, row);
      answer.add(wide.putNull("timestamp"));
    }
    return answer;
  }

  private static void keep(ArrayNode dimensions, JsonNode names) {
    Set<String> kept = new HashSet<>();
    names.forEach(name -> kept.add(name.asText()));
    Iterator<JsonNode> all = dimensions.iterator();
    while (all.hasNext()) {
      if (!kept.contains(outputName(all.next()))) {
        all.remove();
      }
    }
  }

  /** With null for the dimensions that the row does not have. */
  private static ObjectNode widened(JsonNode query, JsonNode row) {
    ObjectNode event = JSON.objectNode();
    for (JsonNode dimension : query.path("dimensions")) {
      event.putNull(outputName(dimension));
    }
    row.get("event").properties().forEach(one -> event.set(one.getKey(), one.getValue()));
    ObjectNode wide = row.deepCopy();
    wide.set("event", event);
    return wide;
  }

  private static JsonNode groupBy(JsonNode query, List<SampleRow> rows) {
    Map<List<Object>, List<SampleRow>> groups = new HashMap<>();
    for (SampleRow row : rows) {
      for (List<Object> key : keys(query, row)) {
        groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(row);
      }
    }
    if (query.path("dimensions").isEmpty() && OracleBuckets.isAll(query.get("granularity"))) {
      groups.computeIfAbsent(List.of(bucket(query, 0)), unused -> new ArrayList<>());
    }
    List<Group> found = new ArrayList<>();
    groups.forEach((key, members) -> found.add(group(query, key, members)));
    List<Group> kept = new ArrayList<>();
    for (Group group : found) {
      OracleFilters.Row outputs =
          name ->
              Collections.singletonList(
                  name.equals("__time") ? (Object) group.time : group.outputs.get(name));
      if (OracleFilters.matches(query.get("having"), outputs)) {
        kept.add(group);
      }
    }
    kept.sort(order(query));
    JsonNode limits = query.path("limitSpec");
    int from = Math.min(limits.path("offset").asInt(0), kept.size());
    int to =
        (int) Math.min((long) from + limits.path("limit").asInt(Integer.MAX_VALUE), kept.size());
    ArrayNode answer = JSON.arrayNode();
    kept.subList(from, to).forEach(group -> answer.add(groupByRow(query, group)));
    return answer;
  }

  private static Group group(JsonNode query, List<Object> key, List<SampleRow> members) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    int at = 1;
    for (JsonNode dimension : query.path("dimensions")) {
      outputs.put(outputName(dimension), key.get(at++));
    }
    outputs.putAll(OracleAggregates.outputs(query, outputs, members));
    return new Group((Long) key.get(0), outputs);
  }

  /** Time, then a value of each dimension: one key, or several if a dimension has several. */
  private static List<List<Object>> keys(JsonNode query, SampleRow row) {
    List<List<Object>> keys = List.of(List.of((Object) bucket(query, row.timeMillis())));
    for (JsonNode dimension : query.path("dimensions")) {
      List<List<Object>> longer = new ArrayList<>();
      for (List<Object> key : keys) {
        for (Object value : dimensionValues(dimension, row)) {
          List<Object> one = new ArrayList<>(key);
          one.add(value);
          longer.add(one);
        }
      }
      keys = longer;
    }
    return keys;
  }

  /** The values by which a row counts for a dimension, as its output type says. */
  static List<Object> dimensionValues(JsonNode dimension, SampleRow row) {
    String column =
        dimension.isTextual() ? dimension.asText() : dimension.get("dimension").asText();
    List<Object> values = new ArrayList<>();
    for (Object value : row.values(column)) {
      // -0.0 and 0.0 are one group.
      Object normal = value instanceof Double real ? (Object) (real + 0.0) : value;
      values.add(
          normal == null
              ? null
              : switch (dimension.path("outputType").asText("STRING")) {
                case "LONG" -> ((Number) normal).longValue();
                case "DOUBLE" -> ((Number) normal).doubleValue();
                default -> normal.toString();
              });
    }
    return values;
  }

  static String outputName(JsonNode dimension) {
    return dimension.isTextual()
        ? dimension.asText()
        : dimension.path("outputName").asText(dimension.get("dimension").asText());
  }

  private static Comparator<Group> order(JsonNode query) {
    Comparator<Group> time = Comparator.comparingLong(Group::time);
    List<Comparator<Group>> others = new ArrayList<>();
    for (JsonNode column : query.path("limitSpec").path("columns")) {
      others.add(orderBy(query, column));
    }
    for (JsonNode dimension : query.path("dimensions")) {
      String name = outputName(dimension);
      others.add(
          Comparator.comparing(
              (Group group) -> group.outputs.get(name), OracleValues::compareNaturally));
    }
    boolean timeLast = query.path("context").path("sortByDimsFirst").asBoolean();
    others.add(timeLast ? others.size() : 0, time);
    return others.stream().reduce(Comparator::thenComparing).orElseThrow();
  }

  private static Comparator<Group> orderBy(JsonNode query, JsonNode column) {
    String name = column.isTextual() ? column.asText() : column.get("dimension").asText();
    boolean isDimension = false;
    for (JsonNode dimension : query.path("dimensions")) {
      isDimension |= outputName(dimension).equals(name);
    }
    String textOrder = column.path("dimensionOrder").asText("lexicographic");
    Comparator<Object> values =
        isDimension ? (a, b) -> OracleValues.compareIn(textOrder, a, b) : orderOf(query, name);
    Comparator<Group> order = Comparator.comparing(group -> group.outputs.get(name), values);
    return column.path("direction").asText("ascending").equals("descending")
        ? order.reversed()
        : order;
  }

  /** How the values of an aggregation or post-aggregation are ordered. */
  static Comparator<Object> orderOf(JsonNode query, String name) {
    Comparator<Object> natural = OracleValues::compareNaturally;
    for (JsonNode post : query.path("postAggregations")) {
      if (post.get("name").asText().equals(name) && post.has("ordering")) {
        Comparator<Object> finiteLast =
            Comparator.comparing(value -> Double.isFinite((Double) value));
        return Comparator.nullsFirst(finiteLast.thenComparing(natural));
      }
    }
    return natural;
  }

  private static JsonNode groupByRow(JsonNode query, Group group) {
    if (query.path("context").path("resultAsArray").asBoolean()) {
      ArrayNode row = JSON.arrayNode();
      if (!OracleBuckets.isAll(query.get("granularity"))) {
        row.add(group.time);
      }
      group.outputs.values().forEach(value -> row.add(OracleValues.json(value)));
      return row;
    }
    ObjectNode row = JSON.objectNode();
    row.put("version", "v1")
        .put("timestamp", OracleBuckets.text(query.get("granularity"), group.time));
    row.set("event", object(group.outputs));
    return row;
  }

  static ObjectNode object(Map<String, Object> values) {
    ObjectNode object = JSON.objectNode();
    values.forEach((name, value) -> object.set(name, OracleValues.json(value)));
    return object;
  }
}
