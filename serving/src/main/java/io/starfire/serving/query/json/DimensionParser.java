package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.expression.Term;
import io.starfire.serving.query.model.Extraction;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what a query groups by. Stateless. */
final class DimensionParser {
  private static final int MAX_DEPTH = 20;
  private static final Set<String> KNOWN =
      Set.of("default", "extraction", "lookup", "listFiltered", "regexFiltered", "prefixFiltered");

  private DimensionParser() {}

  /** The field {@code dimensions}; empty if it is absent. */
  static List<GroupDimension> list(JsonFields fields, HiddenColumns hidden) {
    List<GroupDimension> dimensions = new ArrayList<>();
    for (JsonNode node : fields.list("dimensions")) {
      dimensions.add(one(node, "dimensions[" + dimensions.size() + "]", hidden));
    }
    return dimensions;
  }

  /**
   * One dimension: a column's name, or a specification.
   *
   * @param hidden to which the column is added that the dimension computes
   */
  static GroupDimension one(JsonNode node, String path, HiddenColumns hidden) {
    return one(node, path, hidden, 0);
  }

  private static GroupDimension one(JsonNode node, String path, HiddenColumns hidden, int depth) {
    if (depth > MAX_DEPTH) {
      throw QueryChecks.invalid("%s: dimensions are nested deeper than %d", path, MAX_DEPTH);
    }
    if (node.isTextual()) {
      return new GroupDimension(node.textValue(), node.textValue(), ColumnType.STRING);
    }
    JsonFields spec = new JsonFields(node, path);
    String type = spec.text("type");
    GroupDimension dimension =
        switch (type) {
          case "default" -> named(spec, spec.text("dimension"), spec.text("dimension"));
          case "extraction" ->
              extracted(
                  spec,
                  hidden,
                  ExtractionParser.parse(
                      spec.required("extractionFn"), spec.pathOf("extractionFn")));
          case "lookup" -> extracted(spec, hidden, ExtractionParser.ofDimension(spec));
          case "listFiltered" ->
              filtered(spec, hidden, VirtualColumnParser.listed(spec, "isWhitelist"), depth);
          case "regexFiltered" ->
              filtered(spec, hidden, new VirtualColumn.Matching(spec.text("pattern")), depth);
          case "prefixFiltered" ->
              filtered(spec, hidden, new VirtualColumn.Prefixed(spec.text("prefix")), depth);
          default -> throw QueryParser.unknownType(path + ".type", type, KNOWN, Set.of());
        };
    spec.rejectUnknown("a dimension of type " + type);
    return dimension;
  }

  private static GroupDimension named(JsonFields spec, String input, String defaultOutput) {
    String output = spec.optional("outputName") == null ? defaultOutput : spec.text("outputName");
    return new GroupDimension(input, output, outputType(spec));
  }

  private static GroupDimension extracted(
      JsonFields spec, HiddenColumns hidden, Extraction extraction) {
    String column = spec.text("dimension");
    String name =
        hidden.add(
            "extraction of " + column, own -> new VirtualColumn.Extracted(own, column, extraction));
    GroupDimension text = named(spec, name, column);
    if (text.outputType() == ColumnType.STRING) {
      return text;
    }
    String number =
        hidden.add(
            "number of " + name,
            own ->
                new VirtualColumn.Expressed(
                    own, new Expression(name, new Term.Name(1, name)), text.outputType()));
    return new GroupDimension(number, text.outputName(), text.outputType());
  }

  private static GroupDimension filtered(
      JsonFields spec, HiddenColumns hidden, VirtualColumn.Choice choice, int depth) {
    GroupDimension delegate =
        one(spec.required("delegate"), spec.pathOf("delegate"), hidden, depth + 1);
    String name =
        hidden.add(
            "values of " + delegate.column(),
            own -> new VirtualColumn.Filtered(own, delegate.column(), choice));
    return new GroupDimension(name, delegate.outputName(), delegate.outputType());
  }

  static ColumnType outputType(JsonFields fields) {
    if (fields.optional("outputType") == null) {
      return ColumnType.STRING;
    }
    String name = fields.text("outputType");
    if (name.equalsIgnoreCase("FLOAT")) {
      return ColumnType.DOUBLE;
    }
    for (ColumnType type : ColumnType.values()) {
      if (type != ColumnType.COMPLEX && type.name().equalsIgnoreCase(name)) {
        return type;
      }
    }
    throw QueryParser.unknownType(
        fields.pathOf("outputType"),
        name,
        Set.of("STRING", "LONG", "DOUBLE", "FLOAT"),
        Set.of("ARRAY<STRING>", "ARRAY<LONG>", "ARRAY<DOUBLE>", "COMPLEX<json>"));
  }
}
