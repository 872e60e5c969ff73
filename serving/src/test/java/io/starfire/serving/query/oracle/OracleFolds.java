package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.sample.SampleRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/**
 * Aggregations of type expression, and what they mean. Those that make lists are finished into what
 * does not depend on the order of rows.
 */
final class OracleFolds {
  private OracleFolds() {}

  /** One over a column of texts or of whole numbers. */
  static ObjectNode random(Random random, OracleSchema.Column column, String name) {
    String field = "\"" + column.name().replace("\"", "\\\"") + "\"";
    boolean text = column.type() == ColumnType.STRING;
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("type", "expression");
    node.put("name", name).putArray("fields").add(column.name());
    node.put("maxSizeBytes", 10_000_000);
    if (random.nextInt(3) == 0) {
      node.put("isNullUnlessAggregated", false);
    }
    int kind = random.nextInt(text ? 2 : 3);
    if (kind == 2) {
      return node.put("initialValue", "0")
          .put("fold", field + " + sum")
          .put("accumulatorIdentifier", "sum")
          .put("shouldAggregateNullInputs", false);
    }
    node.put("initialValue", text ? "ARRAY<STRING>[]" : "<LONG>[]");
    String own = "\"" + name + "\"";
    return kind == 0
        ? node.put("fold", "array_append(__acc, " + field + ")")
            .put("combine", "array_concat(__acc, " + own + ")")
            .put(
                "finalize",
                text
                    ? "fold((x, sum) -> sum + nvl(strlen(x), 1), o, 0)"
                    : "fold((x, sum) -> sum + nvl(x, 1), o, 0)")
        : node.put("fold", "array_set_add(__acc, " + field + ")")
            .put("combine", "array_set_add_all(__acc, " + own + ")")
            .put("finalize", "array_length(o)");
  }

  static Object value(JsonNode aggregation, List<SampleRow> rows) {
    List<Object> values = new ArrayList<>();
    rows.forEach(row -> values.addAll(row.values(aggregation.get("fields").get(0).asText())));
    if (!aggregation.path("shouldAggregateNullInputs").asBoolean(true)) {
      values.removeIf(value -> value == null);
    }
    if (values.isEmpty() && aggregation.path("isNullUnlessAggregated").asBoolean(true)) {
      return null;
    }
    if (aggregation.get("fold").asText().startsWith("array_set_add")) {
      return (long) new HashSet<>(values).size();
    }
    long sum = 0;
    for (Object value : values) {
      sum += value == null ? 1 : value instanceof String text ? text.length() : (Long) value;
    }
    return sum;
  }
}
