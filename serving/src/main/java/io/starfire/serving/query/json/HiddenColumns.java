package io.starfire.serving.query.json;

import io.starfire.serving.query.model.VirtualColumn;
import io.starfire.serving.query.model.VirtualColumns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The columns that stand inside of dimensions and aggregations, under names that say where they
 * come from. Collected while one query is read.
 */
final class HiddenColumns {
  private final Map<String, VirtualColumn> columns = new LinkedHashMap<>();

  /**
   * Adds one.
   *
   * @param description such as {@code expression x + 1}
   * @param column makes it of its name
   * @return the name
   */
  String add(String description, Function<String, VirtualColumn> column) {
    String name = "%s (#%d)".formatted(description, columns.size() + 1);
    columns.put(name, column.apply(name));
    return name;
  }

  VirtualColumns with(List<VirtualColumn> named) {
    return columns.isEmpty() && named.isEmpty()
        ? VirtualColumns.NONE
        : new VirtualColumns(named, columns.values());
  }
}
