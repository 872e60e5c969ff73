package io.starfire.serving.sql.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table that native queries read: a data source or a lookup. Immutable. */
public final class NativeTable extends AbstractTable {
  private final String name;
  private final boolean isLookup;
  private final List<Column> columns;

  /** A column and its type. */
  record Column(String name, RelDataType type) {}

  NativeTable(String name, boolean isLookup, List<Column> columns) {
    this.name = name;
    this.isLookup = isLookup;
    this.columns = columns;
  }

  public String name() {
    return name;
  }

  public boolean isLookup() {
    return isLookup;
  }

  List<Column> columns() {
    return columns;
  }

  /** As a native query names it. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return isLookup
        ? json.put("type", "lookup").put("lookup", name)
        : json.put("type", "table").put("name", name);
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder row = factory.builder();
    columns.forEach(column -> row.add(column.name, factory.copyType(column.type)));
    return row.build();
  }
}
