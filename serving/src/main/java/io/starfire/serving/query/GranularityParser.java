package io.starfire.serving.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Granularity;
import java.util.Set;

/** Reads granularities. Stateless. */
final class GranularityParser {
  private GranularityParser() {}

  /** The field {@code granularity}, which must be there. */
  static Granularity parse(JsonFields fields) {
    JsonNode node = fields.required("granularity");
    if (node.isObject()) {
      JsonFields typed = new JsonFields(node, "granularity");
      String type = typed.text("type");
      if (!type.equals("all") && !type.equals("none")) {
        throw QueryParser.unknownType(
            "granularity.type", type, Set.of("all", "none"), Set.of("duration", "period"));
      }
      typed.rejectUnknown("a granularity of type " + type);
      return Granularity.parse(type);
    }
    return Granularity.parse(JsonFields.text(node, "granularity"));
  }
}
