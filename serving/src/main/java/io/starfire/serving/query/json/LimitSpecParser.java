package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.model.LimitSpec;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.ValueOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the field {@code limitSpec} of a groupBy query. Stateless. */
final class LimitSpecParser {
  private static final Set<String> KNOWN = Set.of("default", "NoopLimitSpec");

  private LimitSpecParser() {}

  static LimitSpec parse(JsonFields query) {
    JsonNode node = query.optional("limitSpec");
    if (node == null) {
      return LimitSpec.NONE;
    }
    JsonFields fields = new JsonFields(node, "limitSpec");
    String type = fields.text("type");
    if (!KNOWN.contains(type)) {
      throw QueryParser.unknownType("limitSpec.type", type, KNOWN, Set.of());
    }
    LimitSpec parsed = type.equals("default") ? ofFields(fields) : LimitSpec.NONE;
    fields.rejectUnknown("a limitSpec of type " + type);
    return parsed;
  }

  private static LimitSpec ofFields(JsonFields fields) {
    List<LimitSpec.OrderBy> columns = new ArrayList<>();
    for (JsonNode column : fields.list("columns")) {
      columns.add(column(column, "limitSpec.columns[" + columns.size() + "]"));
    }
    return new LimitSpec(
        columns,
        (int) fields.whole("offset", new JsonFields.Bounds(0, Integer.MAX_VALUE), 0),
        (int) fields.whole("limit", new JsonFields.Bounds(1, Integer.MAX_VALUE), 0));
  }

  private static LimitSpec.OrderBy column(JsonNode node, String path) {
    if (node.isTextual()) {
      return new LimitSpec.OrderBy(node.textValue(), false, ValueOrder.LEXICOGRAPHIC);
    }
    JsonFields fields = new JsonFields(node, path);
    LimitSpec.OrderBy column =
        new LimitSpec.OrderBy(fields.text("dimension"), descending(fields), order(fields));
    fields.rejectUnknown("a column of a limitSpec");
    return column;
  }

  private static boolean descending(JsonFields fields) {
    if (fields.optional("direction") == null) {
      return false;
    }
    String direction = fields.text("direction").toLowerCase(Locale.ROOT);
    if (direction.isEmpty()
        || !("ascending".startsWith(direction) || "descending".startsWith(direction))) {
      throw QueryChecks.invalid(
          "%s '%s' is not known; use ascending or descending",
          fields.pathOf("direction"), direction);
    }
    return "descending".startsWith(direction);
  }

  private static ValueOrder order(JsonFields fields) {
    JsonNode node = fields.optional("dimensionOrder");
    if (node == null) {
      return ValueOrder.LEXICOGRAPHIC;
    }
    if (!node.isObject()) {
      return ValueOrder.named(fields.text("dimensionOrder"), fields.pathOf("dimensionOrder"));
    }
    JsonFields typed = new JsonFields(node, fields.pathOf("dimensionOrder"));
    ValueOrder order = ValueOrder.named(typed.text("type"), typed.pathOf("type"));
    typed.rejectUnknown("a dimensionOrder");
    return order;
  }
}
