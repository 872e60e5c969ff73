package io.starfire.serving.system;

import io.starfire.serving.sql.SqlCatalog;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;

/** The tables, in {@code INFORMATION_SCHEMA}. Thread-safe. */
final class TablesTable implements SystemTable {
  @Override
  public String schema() {
    return Catalog.INFORMATION_SCHEMA;
  }

  @Override
  public String name() {
    return "TABLES";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("TABLE_CATALOG", Type.VARCHAR)
        .with("TABLE_SCHEMA", Type.VARCHAR)
        .with("TABLE_NAME", Type.VARCHAR)
        .with("TABLE_TYPE", Type.VARCHAR)
        .with("IS_JOINABLE", Type.VARCHAR)
        .with("IS_BROADCAST", Type.VARCHAR)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return session.catalog().tables().stream().map(TablesTable::row).iterator();
  }

  private static Object[] row(SqlCatalog.Table table) {
    String lookup = Catalog.yesOrNo(table.kind() == SqlCatalog.Kind.LOOKUP);
    return new Object[] {
      Catalog.NAME,
      table.schema(),
      table.name(),
      table.kind() == SqlCatalog.Kind.SYSTEM ? "SYSTEM_TABLE" : "TABLE",
      lookup,
      lookup
    };
  }
}
