package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.model.TopNMetric;
import io.starfire.serving.query.model.ValueOrder;
import java.util.Set;

/** Reads the field {@code metric} of a topN query. Stateless. */
final class TopNMetricParser {
  private static final Set<String> KNOWN =
      Set.of("numeric", "dimension", "inverted", "lexicographic", "alphaNumeric");

  private TopNMetricParser() {}

  static TopNMetric parse(JsonFields fields) {
    return parse(fields.required("metric"), "metric");
  }

  private static TopNMetric parse(JsonNode node, String path) {
    if (node.isTextual()) {
      return new TopNMetric.Numeric(node.textValue(), false);
    }
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    TopNMetric metric =
        switch (type) {
          case "numeric" -> new TopNMetric.Numeric(fields.text("metric"), false);
          case "dimension" -> byDimension(fields, ordering(fields));
          case "lexicographic" -> byDimension(fields, ValueOrder.LEXICOGRAPHIC);
          case "alphaNumeric" -> byDimension(fields, ValueOrder.ALPHANUMERIC);
          case "inverted" -> parse(fields.required("metric"), fields.pathOf("metric")).invert();
          default -> throw QueryParser.unknownType(path + ".type", type, KNOWN, Set.of());
        };
    fields.rejectUnknown("a metric of type " + type);
    return metric;
  }

  private static ValueOrder ordering(JsonFields fields) {
    return fields.optional("ordering") == null
        ? ValueOrder.LEXICOGRAPHIC
        : ValueOrder.named(fields.text("ordering"), fields.pathOf("ordering"));
  }

  private static TopNMetric byDimension(JsonFields fields, ValueOrder order) {
    String stop = fields.optional("previousStop") == null ? null : fields.text("previousStop");
    return new TopNMetric.ByDimension(order, stop, false);
  }
}
