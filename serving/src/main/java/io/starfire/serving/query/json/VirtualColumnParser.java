package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.compute.DerivedType;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the columns that a query computes. Stateless. */
final class VirtualColumnParser {
  private static final Set<String> KNOWN = Set.of("expression", "mv-filtered", "nested-field");
  private static final Set<String> OF_DRUID =
      Set.of("fallback", "mv-prefix-filtered", "mv-regex-filtered");

  private VirtualColumnParser() {}

  /** The field {@code virtualColumns}; empty if it is absent. */
  static List<VirtualColumn> parse(JsonFields query) {
    List<VirtualColumn> columns = new ArrayList<>();
    for (JsonNode node : query.list("virtualColumns")) {
      columns.add(parse(node, "virtualColumns[" + columns.size() + "]"));
    }
    return columns;
  }

  private static VirtualColumn parse(JsonNode node, String path) {
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    // A nested field calls its name in another way than all others.
    String name = fields.text(type.equals("nested-field") ? "outputName" : "name");
    VirtualColumn column =
        switch (type) {
          case "expression" ->
              new VirtualColumn.Expressed(
                  name,
                  expression(fields),
                  fields.optional("outputType") == null
                      ? null
                      : DimensionParser.outputType(fields));
          case "mv-filtered" ->
              new VirtualColumn.Filtered(
                  name, fields.text("delegate"), listed(fields, "isAllowList"));
          case "nested-field" -> NestedFieldParser.parse(fields, name);
          default -> throw QueryParser.unknownType(fields.pathOf("type"), type, KNOWN, OF_DRUID);
        };
    fields.rejectUnknown("a virtual column of type " + type);
    return column;
  }

  /** The field {@code expression}, whose functions are known. */
  static Expression expression(JsonFields fields) {
    return expression(fields, "expression");
  }

  /** A field with an expression whose functions are known. */
  static Expression expression(JsonFields fields, String name) {
    return DerivedType.checked(Expression.parse(fields.text(name)));
  }

  /** The field {@code values}, which are kept unless the flag is false. */
  static VirtualColumn.Listed listed(JsonFields fields, String flag) {
    Set<String> values = new LinkedHashSet<>();
    for (JsonNode value : fields.list("values")) {
      values.add(JsonFields.scalar(value, fields.pathOf("values")));
    }
    return new VirtualColumn.Listed(values, fields.optional(flag) == null || fields.flag(flag));
  }
}
