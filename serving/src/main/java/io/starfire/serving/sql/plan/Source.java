package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Where a native query takes its rows from.
 *
 * @param json its {@code dataSource}
 * @param columns that expressions refer to by their places
 * @param timeColumn the place of the column {@code __time}; -1 if there is none
 */
record Source(ObjectNode json, List<Column> columns, int timeColumn) {
  /**
   * A column.
   *
   * @param name in native queries
   * @param nativeType LONG, DOUBLE, STRING, or of a sketch COMPLEX<...>
   */
  record Column(String name, String nativeType) {}

  Source {
    columns = List.copyOf(columns);
  }

  String name(int column) {
    return columns.get(column).name;
  }
}
