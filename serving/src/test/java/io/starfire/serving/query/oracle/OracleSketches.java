package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.sample.SampleRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;

/**
 * What sketches say: one sketch of the library that is fed with all values, or, where a sketch of
 * so few values is exact, their number.
 */
final class OracleSketches {
  private OracleSketches() {}

  static boolean isSketch(String type) {
    return Set.of("HLLSketchBuild", "thetaSketch", "hyperUnique", "quantilesDoublesSketch")
        .contains(type);
  }

  static Object value(JsonNode aggregation, List<SampleRow> rows) {
    List<Object> values = values(aggregation.get("fieldName").asText(), rows);
    return switch (aggregation.get("type").asText()) {
      case "HLLSketchBuild" -> hll(aggregation, values);
      // The columns hold values, and no sketches of this type.
      case "hyperUnique" -> unique(aggregation, List.of());
      case "thetaSketch" -> (double) new HashSet<>(withoutEmpty(values)).size();
      default ->
          values.stream().filter(value -> !Double.isNaN(((Number) value).doubleValue())).count();
    };
  }

  /** How many values the columns have together. */
  static Object cardinality(JsonNode aggregation, List<SampleRow> rows) {
    List<Object> values = new ArrayList<>();
    for (JsonNode field : aggregation.get("fields")) {
      values.addAll(values(field.asText(), rows));
    }
    return unique(aggregation, values);
  }

  private static List<Object> values(String column, List<SampleRow> rows) {
    List<Object> values = new ArrayList<>();
    for (SampleRow row : rows) {
      for (Object value : row.values(column)) {
        if (value != null) {
          values.add(value instanceof Double real ? (Object) (real + 0.0) : value);
        }
      }
    }
    return values;
  }

  private static List<Object> withoutEmpty(List<Object> values) {
    return values.stream().filter(value -> !value.equals("")).toList();
  }

  private static Object hll(JsonNode aggregation, List<Object> values) {
    HllSketch sketch =
        new HllSketch(
            aggregation.path("lgK").asInt(12),
            TgtHllType.valueOf(aggregation.path("tgtHllType").asText("HLL_4")));
    boolean utf8 = aggregation.path("stringEncoding").asText().equals("utf8");
    for (Object value : values) {
      if (value instanceof String text && utf8) {
        sketch.update(text);
      } else if (value instanceof String text) {
        sketch.update(text.toCharArray());
      } else if (value instanceof Long number) {
        sketch.update(number);
      } else {
        sketch.update((Double) value);
      }
    }
    return estimate(aggregation, sketch);
  }

  /** A byte for the type of a value, then the value: 1 text, 2 long, 3 double. */
  private static Object unique(JsonNode aggregation, List<Object> values) {
    HllSketch sketch = new HllSketch(12);
    for (Object value : values) {
      byte[] bytes =
          value instanceof String text
              ? text.getBytes(StandardCharsets.UTF_8)
              : ByteBuffer.allocate(8)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putLong(
                      value instanceof Long number
                          ? number
                          : Double.doubleToLongBits((Double) value))
                  .array();
      ByteBuffer typed = ByteBuffer.allocate(1 + bytes.length);
      typed.put((byte) (value instanceof String ? 1 : value instanceof Long ? 2 : 3)).put(bytes);
      sketch.update(typed.array());
    }
    return estimate(aggregation, sketch);
  }

  private static Object estimate(JsonNode aggregation, HllSketch sketch) {
    double estimate = sketch.getCompositeEstimate();
    return aggregation.path("round").asBoolean(false)
        ? (Object) Math.round(estimate)
        : (Object) estimate;
  }
}
