package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.GroupDimension;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what a query groups by. Stateless. */
final class DimensionParser {
  private DimensionParser() {}

  /** The field {@code dimensions}; empty if it is absent. */
  static List<GroupDimension> list(JsonFields fields) {
    List<GroupDimension> dimensions = new ArrayList<>();
    for (JsonNode node : fields.list("dimensions")) {
      dimensions.add(one(node, "dimensions[" + dimensions.size() + "]"));
    }
    return dimensions;
  }

  /** One dimension: a column's name, or a specification of type default. */
  static GroupDimension one(JsonNode node, String path) {
    if (node.isTextual()) {
      return new GroupDimension(node.textValue(), node.textValue(), ColumnType.STRING);
    }
    JsonFields spec = new JsonFields(node, path);
    String type = spec.text("type");
    if (!type.equals("default")) {
      throw QueryParser.unknownType(
          path + ".type",
          type,
          Set.of("default"),
          Set.of("extraction", "listFiltered", "regexFiltered", "prefixFiltered", "lookup"));
    }
    String column = spec.text("dimension");
    String output = spec.optional("outputName") == null ? column : spec.text("outputName");
    ColumnType outputType = outputType(spec);
    spec.rejectUnknown("a default dimension");
    return new GroupDimension(column, output, outputType);
  }

  private static ColumnType outputType(JsonFields fields) {
    if (fields.optional("outputType") == null) {
      return ColumnType.STRING;
    }
    String name = fields.text("outputType");
    for (ColumnType type : ColumnType.values()) {
      if (type.name().equalsIgnoreCase(name)) {
        return type;
      }
    }
    throw QueryParser.unknownType(
        fields.pathOf("outputType"), name, Set.of("STRING", "LONG", "DOUBLE"), Set.of("FLOAT"));
  }
}
