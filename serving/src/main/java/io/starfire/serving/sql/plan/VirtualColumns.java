package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns that a native query computes; each expression once. Not thread-safe. */
final class VirtualColumns {
  private record Expressed(String expression, @Nullable String type) {}

  private final String prefix;
  private final Map<Expressed, String> names = new LinkedHashMap<>();

  /**
   * @param prefix of their names, with which no stored column begins
   */
  VirtualColumns(String prefix) {
    this.prefix = prefix;
  }

  /** The name of a column that an expression computes. */
  String add(String expression, @Nullable String type) {
    return names.computeIfAbsent(
        new Expressed(expression, type), unused -> prefix + "v" + names.size());
  }

  void writeTo(ObjectNode query) {
    if (names.isEmpty()) {
      return;
    }
    ArrayNode columns = query.putArray("virtualColumns");
    names.forEach(
        (expressed, name) -> {
          ObjectNode column =
              columns
                  .addObject()
                  .put("type", "expression")
                  .put("name", name)
                  .put("expression", expressed.expression);
          if (expressed.type != null) {
            column.put("outputType", expressed.type);
          }
        });
  }
}
