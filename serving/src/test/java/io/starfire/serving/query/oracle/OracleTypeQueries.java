package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random queries of the types that {@link OracleQueries} does not have. */
final class OracleTypeQueries {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;
  private final OracleQueries queries;

  OracleTypeQueries(Random random, OracleData data) {
    this.random = random;
    this.queries = new OracleQueries(random, data);
  }

  ObjectNode query() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> topN();
      case 7 -> search();
      case 3, 4 -> scan();
      case 5 -> timeBoundary();
      default -> segmentMetadata();
    };
  }

  private ObjectNode topN() {
    ObjectNode query = queries.base("topN");
    query.set("granularity", queries.granularity(query));
    List<OracleSchema.Column> columns = queries.columns();
    query.set(
        "dimension",
        queries.dimension(columns.get(random.nextInt(columns.size())), new ArrayList<>()));
    queries.putAggregations(query);
    query.put("threshold", random.nextInt(4) == 0 ? 1_000_000_000 : 1 + random.nextInt(6));
    query.set("metric", metric(queries.computed(query)));
    return query;
  }

  private JsonNode metric(List<OracleSchema.Column> computed) {
    if (random.nextInt(4) == 0) {
      ObjectNode inverted = JSON.objectNode().put("type", "inverted");
      inverted.set("metric", metric(computed));
      return inverted;
    }
    if (!computed.isEmpty() && random.nextInt(3) != 0) {
      String name = computed.get(random.nextInt(computed.size())).name();
      return random.nextBoolean()
          ? TextNode.valueOf(name)
          : JSON.objectNode().put("type", "numeric").put("metric", name);
    }
    ObjectNode metric = JSON.objectNode();
    switch (random.nextInt(4)) {
      case 0 -> metric.put("type", "lexicographic");
      case 1 -> metric.put("type", "alphaNumeric");
      default -> {
        metric.put("type", "dimension");
        if (random.nextInt(4) != 0) {
          metric.put(
              "ordering", one(List.of("lexicographic", "alphanumeric", "strlen", "numeric")));
        }
      }
    }
    if (random.nextInt(3) == 0) {
      metric.put("previousStop", one(List.of("", "a", "a10", "9", "2.5", "-3", "x", "ä")));
    }
    return metric;
  }

  private ObjectNode scan() {
    ObjectNode query = queries.base("scan");
    if (random.nextBoolean()) {
      query.put("resultFormat", random.nextBoolean() ? "list" : "compactedList");
    }
    if (random.nextInt(3) != 0) {
      query.put("order", one(List.of("none", "ascending", "descending")));
    }
    if (random.nextBoolean()) {
      query.put("limit", one(List.of(1L, 7L, 40L, 1_000L, 1_000_000_000L)));
    }
    if (random.nextInt(3) == 0) {
      query.put("offset", one(List.of(0L, 1L, 5L, 300L, 100_000L)));
    }
    if (random.nextBoolean()) {
      query.put("batchSize", one(List.of(1, 3, 100, Integer.MAX_VALUE)));
    }
    if (random.nextInt(3) != 0) {
      ArrayNode columns = query.putArray("columns");
      someColumns().forEach(columns::add);
    }
    return query;
  }

  /** With the time, so that the order can be seen. */
  private List<String> someColumns() {
    List<String> names = new ArrayList<>(List.of("__time"));
    for (OracleSchema.Column column : queries.columns()) {
      if (random.nextInt(3) == 0) {
        names.add(column.name());
      }
    }
    Collections.shuffle(names, random);
    return names;
  }

  private ObjectNode search() {
    ObjectNode query = queries.base("search");
    query.set(
        "granularity",
        random.nextInt(3) == 0 ? TextNode.valueOf("all") : queries.granularity(query));
    if (random.nextBoolean()) {
      ArrayNode dimensions = query.putArray("searchDimensions");
      for (OracleSchema.Column column : queries.columns()) {
        if (random.nextInt(3) == 0) {
          dimensions.add(column.name());
        }
      }
    }
    if (random.nextBoolean()) {
      query
          .putObject("sort")
          .put("type", one(List.of("lexicographic", "alphanumeric", "strlen", "numeric")));
    }
    if (random.nextBoolean()) {
      query.put("limit", one(List.of(1, 3, 10, 1_000_000_000)));
    }
    String text = one(List.of("a", "A", "B", "1", "Ä", ".", "", "-"));
    ObjectNode match = query.putObject("query");
    switch (random.nextInt(5)) {
      case 0 -> match.put("type", "insensitive_contains").put("value", text);
      case 1 -> match.put("type", "contains").put("value", text);
      case 2 -> match.put("type", "regex").put("pattern", one(List.of("^a", "[0-9]$", "b|ä")));
      case 3 -> match.put("type", "all");
      default -> match.put("type", "fragment").putArray("values").add(text).add("a");
    }
    if (List.of("contains", "fragment").contains(match.get("type").asText())) {
      match.put("case_sensitive", random.nextBoolean());
    }
    return query;
  }

  private ObjectNode timeBoundary() {
    if (random.nextInt(4) == 0) {
      return JSON.objectNode().put("queryType", "dataSourceMetadata").put("dataSource", "ads");
    }
    ObjectNode query = queries.base("timeBoundary");
    if (random.nextInt(3) == 0) {
      query.remove("intervals");
    }
    if (random.nextBoolean()) {
      query.put("bound", random.nextBoolean() ? "minTime" : "maxTime");
    }
    return query;
  }

  private ObjectNode segmentMetadata() {
    ObjectNode query =
        JSON.objectNode().put("queryType", "segmentMetadata").put("dataSource", "ads");
    if (random.nextBoolean()) {
      query.put("merge", random.nextBoolean());
    }
    if (random.nextInt(3) != 0) {
      ArrayNode analyses = query.putArray("analysisTypes");
      for (String analysis : List.of("cardinality", "size", "minmax", "interval")) {
        if (random.nextBoolean()) {
          analyses.add(analysis);
        }
      }
    }
    if (random.nextBoolean()) {
      String type = one(List.of("all", "none", "list"));
      ObjectNode include = query.putObject("toInclude").put("type", type);
      if (type.equals("list")) {
        ArrayNode columns = include.putArray("columns");
        someColumns().forEach(columns::add);
      }
    }
    return query;
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
