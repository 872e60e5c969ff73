package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.event.DimensionSpec;
import io.starfire.segment.json.JsonPath;
import io.starfire.serving.query.compute.DerivedType;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads virtual columns of type nested-field: what is at a path of a column of nested values. They
 * are the expression that says the same. Stateless.
 */
final class NestedFieldParser {
  private static final Set<String> TYPES = Set.of("STRING", "LONG", "DOUBLE", "FLOAT");

  private NestedFieldParser() {}

  static VirtualColumn parse(JsonFields fields, String name) {
    String column = fields.text("columnName");
    JsonPath path = path(fields);
    boolean isWhole = fields.flag("processFromRaw");
    String type =
        fields.optional("expectedType") == null
            ? "STRING"
            : fields.text("expectedType").toUpperCase(Locale.ROOT);
    boolean isJson = type.equals(DimensionSpec.JSON_TYPE.toUpperCase(Locale.ROOT));
    if (!isJson && !TYPES.contains(type) && !type.matches("ARRAY<(STRING|LONG|DOUBLE)>")) {
      throw QueryChecks.invalid(
          "%s '%s' is not known; use STRING, LONG, DOUBLE, FLOAT, an ARRAY of them, or %s",
          fields.pathOf("expectedType"), fields.text("expectedType"), DimensionSpec.JSON_TYPE);
    }
    String text =
        isJson || (isWhole && fields.optional("expectedType") == null)
            ? "json_query(%s, %s)".formatted(quoted(column, '"'), quoted(path.toString(), '\''))
            : "json_value(%s, %s, %s)"
                .formatted(quoted(column, '"'), quoted(path.toString(), '\''), quoted(type, '\''));
    return new VirtualColumn.Expressed(name, DerivedType.checked(Expression.parse(text)), null);
  }

  private static JsonPath path(JsonFields fields) {
    boolean jq = fields.flag("useJqSyntax");
    List<JsonNode> parts = fields.list("pathParts");
    if (fields.optional("path") != null) {
      JsonPath path = JsonPath.parse(fields.text("path"), !jq);
      if (!parts.isEmpty() && !parts(fields, parts).equals(path)) {
        throw QueryChecks.invalid(
            "%s and %s name different places; name one",
            fields.pathOf("path"), fields.pathOf("pathParts"));
      }
      return path;
    }
    if (fields.optional("pathParts") == null) {
      throw QueryChecks.invalid("%s is missing", fields.pathOf("path"));
    }
    return parts(fields, parts);
  }

  private static JsonPath parts(JsonFields fields, List<JsonNode> nodes) {
    List<JsonPath.Part> parts = new ArrayList<>();
    for (JsonNode node : nodes) {
      String path = fields.pathOf("pathParts") + "[" + parts.size() + "]";
      JsonFields part = new JsonFields(node, path);
      String type = part.text("type");
      switch (type) {
        case "field" -> parts.add(new JsonPath.Field(part.text("field")));
        case "arrayElement" -> {
          JsonNode index = part.required("index");
          if (!index.canConvertToInt() || !index.isIntegralNumber() || index.intValue() < 0) {
            throw QueryChecks.invalid(
                "%s must be a whole number at or above 0, got %s",
                part.pathOf("index"), JsonFields.describe(index));
          }
          parts.add(new JsonPath.Element(index.intValue()));
        }
        default ->
            throw QueryParser.unknownType(
                part.pathOf("type"), type, Set.of("field", "arrayElement"), Set.of());
      }
      part.rejectUnknown("a part of a path");
    }
    return new JsonPath(parts);
  }

  private static String quoted(String text, char quote) {
    String mark = String.valueOf(quote);
    return mark + text.replace("\\", "\\\\").replace(mark, "\\" + mark) + mark;
  }
}
