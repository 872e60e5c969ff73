package io.starfire.serving.query.scan;

import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.compute.DerivedType;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
   * @param known names of all columns of the data source, in order
   */
  static List<ScanColumn> of(
      ScanQuery query, DataSourceSchema schema, Collection<String> known, List<RowSource> sources) {
    Set<String> names = new LinkedHashSet<>(query.columns());
    if (names.isEmpty()) {
      names.addAll(known);
      names.addAll(query.virtualColumns().names());
    }
    List<ScanColumn> columns = new ArrayList<>();
    for (String name : names) {
      VirtualColumn virtual = query.virtualColumns().named(name);
      ColumnType type =
          virtual == null
              ? typeOf(name, schema, sources)
              : DerivedType.of(
                  virtual, query.virtualColumns(), stored -> typeOf(stored, schema, sources));
      columns.add(new ScanColumn(name, type));
    }
    return columns;
  }

  private static ColumnType typeOf(String name, DataSourceSchema schema, List<RowSource> sources) {
    for (DimensionSpec dimension : schema.dimensions()) {
      if (dimension.name().equals(name)) {
        return dimension.type();
      }
    }
    for (MetricSpec metric : schema.metrics()) {
      if (metric.name().equals(name)) {
        return metric.aggregation().type();
      }
    }
    for (RowSource source : sources) {
      Column column = source.rows().column(name);
      if (column != null) {
        return typeOf(column);
      }
    }
    return ColumnType.LONG;
  }

  public static ColumnType typeOf(Column column) {
    if (column instanceof StringColumn) {
      return ColumnType.STRING;
    }
    return column instanceof DoubleColumn ? ColumnType.DOUBLE : ColumnType.LONG;
  }
}
