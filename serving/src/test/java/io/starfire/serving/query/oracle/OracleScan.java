package io.starfire.serving.query.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.query.sample.SampleRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the answer to a scan. Rows of equal times, and all rows of a scan without order, may come
 * in any order; so which of them a limit keeps is free too, but no row may come twice, be made up,
 * or be missing where there was room for it.
 */
final class OracleScan {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode query;
  private final List<String> columns;
  private final boolean compacted;

  /**
   * @param known names of all columns, in order
   */
  OracleScan(JsonNode query, List<String> known) {
    this.query = query;
    List<String> asked = new ArrayList<>();
    query.path("columns").forEach(column -> asked.add(column.asText()));
    this.columns = asked.isEmpty() ? known : asked;
    this.compacted = query.path("resultFormat").asText("list").equals("compactedList");
  }

  void check(JsonNode answer, List<SampleRow> rows, DataSourceSchema schema) {
    List<SampleRow> chosen = new ArrayList<>(Oracle.chosen(query, rows));
    List<String> events = events(answer, schema);
    long offset = query.path("offset").asLong(0);
    long limit = query.path("limit").asLong(0);
    long count = Math.max(0, chosen.size() - offset);
    count = limit == 0 ? count : Math.min(limit, count);
    assertThat(events).hasSize((int) count);

    Map<String, Integer> left = new HashMap<>();
    chosen.forEach(row -> left.merge(event(row).toString(), 1, Integer::sum));
    for (String event : events) {
      assertThat(left.merge(event, -1, Integer::sum)).as("too often: " + event).isNotNegative();
    }
    String order = query.path("order").asText("none");
    if (!order.equals("none")) {
      Comparator<SampleRow> byTime = Comparator.comparingLong(SampleRow::timeMillis);
      chosen.sort(order.equals("ascending") ? byTime : byTime.reversed());
      List<String> times = new ArrayList<>();
      for (SampleRow row : chosen.subList((int) Math.min(offset, chosen.size()), chosen.size())) {
        if (times.size() < count) {
          times.add(Long.toString(row.timeMillis()));
        }
      }
      assertThat(times(answer)).isEqualTo(times);
    }
  }

  /** The events as text, once their batches were found to be as they must. */
  private List<String> events(JsonNode answer, DataSourceSchema schema) {
    List<String> events = new ArrayList<>();
    for (JsonNode batch : answer) {
      List<String> names = new ArrayList<>();
      batch.get("columns").forEach(name -> names.add(name.asText()));
      assertThat(names).isEqualTo(columns);
      assertThat(batch.get("events")).isNotEmpty();
      assertThat(batch.get("events").size())
          .isLessThanOrEqualTo(query.path("batchSize").asInt(Integer.MAX_VALUE));
      assertThat(batch.get("segmentId").isNull())
          .isEqualTo(!query.path("order").asText("none").equals("none"));
      assertThat(batch.get("rowSignature").findValuesAsText("name")).isEqualTo(columns);
      assertThat(batch.get("rowSignature").findValuesAsText("type"))
          .isEqualTo(columns.stream().map(column -> virtualOr(column, schema)).toList());
      batch.get("events").forEach(event -> events.add(event.toString()));
    }
    return events;
  }

  /** Virtual columns without a type of their own are of doubles here. */
  private String virtualOr(String column, DataSourceSchema schema) {
    for (JsonNode virtual : query.path("virtualColumns")) {
      if (virtual.get("name").asText().equals(column)) {
        return virtual.path("outputType").asText("DOUBLE");
      }
    }
    return type(column, schema);
  }

  private static String type(String column, DataSourceSchema schema) {
    return schema.dimensions().stream()
        .filter(one -> one.name().equals(column))
        .map(one -> one.type().name())
        .findFirst()
        .orElseGet(
            () ->
                schema.metrics().stream()
                    .filter(one -> one.name().equals(column))
                    .map(one -> one.aggregation().type().name())
                    .findFirst()
                    .orElse("LONG"));
  }

  private List<String> times(JsonNode answer) {
    List<String> times = new ArrayList<>();
    for (JsonNode batch : answer) {
      for (JsonNode event : batch.get("events")) {
        times.add(
            (compacted ? event.get(columns.indexOf("__time")) : event.get("__time")).asText());
      }
    }
    return times;
  }

  private JsonNode event(SampleRow row) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (String column : columns) {
      JsonNode value = json(row.values(column));
      array.add(column.equals(OracleSchema.NESTED) && !value.isNull() ? nested(value) : value);
    }
    if (compacted) {
      return array;
    }
    var object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < columns.size(); i++) {
      object.set(columns.get(i), array.get(i));
    }
    return object;
  }

  private static JsonNode nested(JsonNode text) {
    try {
      return JSON.readTree(text.asText());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text.asText(), e);
    }
  }

  private static JsonNode json(List<?> values) {
    if (values.size() == 1) {
      return OracleValues.json(values.get(0));
    }
    ArrayNode several = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> several.add(OracleValues.json(value)));
    return several;
  }
}
