package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.serving.query.sample.SampleRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a segmentMetadata query says of the columns of segments, found by looking at every row. */
final class OracleSegments {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OracleSegments() {}

  /** A row set: its columns' names with their types, and all its rows, visible or not. */
  record Stored(Map<String, String> columns, List<SampleRow> rows) {}

  /** For each row set, or merged: numRows, size, and columns. */
  static ArrayNode answer(JsonNode query, List<Stored> all) {
    ArrayNode answer = JSON.arrayNode();
    if (query.path("merge").asBoolean()) {
      if (!all.isEmpty()) {
        answer.add(describe(query, all));
      }
    } else {
      all.forEach(one -> answer.add(describe(query, List.of(one))));
    }
    return answer;
  }

  private static ObjectNode describe(JsonNode query, List<Stored> several) {
    Set<String> analyses = new HashSet<>(Set.of("cardinality", "interval", "minmax"));
    if (query.has("analysisTypes")) {
      analyses.clear();
      query.get("analysisTypes").forEach(one -> analyses.add(one.asText()));
    }
    Map<String, String> types = new LinkedHashMap<>();
    several.forEach(one -> one.columns.forEach(types::putIfAbsent));
    long rows = several.stream().mapToLong(one -> one.rows.size()).sum();
    long size = 0;
    Map<String, ObjectNode> columns = new LinkedHashMap<>();
    for (Map.Entry<String, String> column : types.entrySet()) {
      List<Stored> having =
          several.stream().filter(one -> one.columns.containsKey(column.getKey())).toList();
      ObjectNode described = column(column.getKey(), column.getValue(), having, analyses);
      size += described.get("size").asLong();
      if (isIncluded(query, column.getKey())) {
        columns.put(column.getKey(), described);
      }
    }
    ObjectNode answer = JSON.objectNode().put("numRows", rows).put("size", size);
    ObjectNode described = answer.putObject("columns");
    columns.forEach(described::set);
    return answer;
  }

  private static boolean isIncluded(JsonNode query, String column) {
    JsonNode include = query.path("toInclude");
    if (!include.path("type").asText("all").equals("list")) {
      return !include.path("type").asText("all").equals("none");
    }
    for (JsonNode name : include.get("columns")) {
      if (name.asText().equals(column)) {
        return true;
      }
    }
    return false;
  }

  private static ObjectNode column(
      String name, String type, List<Stored> several, Set<String> analyses) {
    boolean text = type.equals("STRING");
    boolean multiple = false;
    boolean nulls = false;
    long size = 0;
    int cardinality = 0;
    List<String> present = new ArrayList<>();
    for (Stored one : several) {
      Set<Object> distinct = new HashSet<>();
      for (SampleRow row : one.rows) {
        List<?> values = row.values(name);
        multiple |= values.size() > 1;
        for (Object value : values) {
          distinct.add(value);
          nulls |= value == null;
          if (text && value != null) {
            present.add((String) value);
          }
          size +=
              name.equals("__time")
                  ? 10
                  : !text
                      ? 8
                      : value == null
                          ? 0
                          : ((String) value).getBytes(StandardCharsets.UTF_8).length;
        }
      }
      cardinality = Math.max(cardinality, distinct.size());
    }
    String shown = name.equals(OracleSchema.NESTED) ? "COMPLEX<json>" : type;
    ObjectNode column =
        JSON.objectNode()
            .put("typeSignature", shown)
            .put("type", shown)
            .put("hasMultipleValues", multiple);
    column.put("hasNulls", nulls).put("size", analyses.contains("size") ? size : 0);
    column.put(
        "cardinality", text && analyses.contains("cardinality") ? (Integer) cardinality : null);
    present.sort(OracleValues::compareBytes);
    boolean ends = analyses.contains("minmax") && !present.isEmpty();
    column.put("minValue", ends && !nulls ? present.get(0) : null);
    column.put("maxValue", ends ? present.get(present.size() - 1) : null);
    return column.putNull("errorMessage");
  }
}
