package io.starfire.segment.index;

import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.Column;
import java.util.ArrayList;
import java.util.List;

/** The names of a schema's columns, and finding one by its name. Stateless. */
final class ColumnNames {
  private ColumnNames() {}

  static List<String> of(DataSourceSchema schema) {
    List<String> names = new ArrayList<>();
    names.add(DataSourceSchema.TIME_COLUMN);
    schema.dimensions().forEach(dimension -> names.add(dimension.name()));
    schema.metrics().forEach(metric -> names.add(metric.name()));
    return List.copyOf(names);
  }

  /** The column of that name, or null. */
  static Column find(
      DataSourceSchema schema,
      String name,
      Column time,
      List<? extends Object> dimensions,
      List<? extends Object> metrics) {
    if (name.equals(DataSourceSchema.TIME_COLUMN)) {
      return time;
    }
    for (int i = 0; i < schema.dimensions().size(); i++) {
      if (schema.dimensions().get(i).name().equals(name)) {
        return (Column) dimensions.get(i);
      }
    }
    for (int i = 0; i < schema.metrics().size(); i++) {
      if (schema.metrics().get(i).name().equals(name)) {
        return (Column) metrics.get(i);
      }
    }
    return null;
  }
}
