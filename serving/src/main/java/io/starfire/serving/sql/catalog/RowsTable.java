package io.starfire.serving.sql.catalog;

import io.starfire.serving.sql.SystemTable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table of the server about itself. Immutable. */
public final class RowsTable extends AbstractTable {
  private final SystemTable table;

  RowsTable(SystemTable table) {
    this.table = table;
  }

  public SystemTable table() {
    return table;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder row = factory.builder();
    table.columns().forEach(column -> row.add(column.name(), SqlTypes.ofSystem(factory, column)));
    return row.build();
  }
}
