package io.starfire.serving.query.scan;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.compute.DerivedType;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A column of a scan's answer.
 *
 * @param name of the column
 * @param type of the data source's schema; a row set of an older schema may hold another
 */
public record ScanColumn(String name, ColumnType type) {
  /**
   * The columns that a scan gives, with their types.
   *
   * @param known all columns of the data source with their types, in order
   */
  public static List<ScanColumn> of(ScanQuery query, Map<String, ColumnType> known) {
    Set<String> names = new LinkedHashSet<>(query.columns());
    if (names.isEmpty()) {
      names.addAll(known.keySet());
      names.addAll(query.virtualColumns().names());
    }
    List<ScanColumn> columns = new ArrayList<>();
    for (String name : names) {
      VirtualColumn virtual = query.virtualColumns().named(name);
      ColumnType type =
          virtual == null
              ? typeOf(name, known)
              : DerivedType.of(virtual, query.virtualColumns(), stored -> typeOf(stored, known));
      columns.add(new ScanColumn(name, type));
    }
    return columns;
  }

  private static ColumnType typeOf(String name, Map<String, ColumnType> known) {
    return known.getOrDefault(name, ColumnType.LONG);
  }

  public static ColumnType typeOf(Column column) {
    if (column instanceof StringColumn) {
      return ColumnType.STRING;
    }
    if (column instanceof BytesColumn) {
      return ColumnType.COMPLEX;
    }
    return column instanceof DoubleColumn ? ColumnType.DOUBLE : ColumnType.LONG;
  }
}
