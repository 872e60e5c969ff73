package io.starfire.serving.system;

import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;

/**
 * The schemas, in {@code INFORMATION_SCHEMA}. As in Druid, its columns count as never null,
 * although most of them always are. Thread-safe.
 */
final class SchemataTable implements SystemTable {
  @Override
  public String schema() {
    return Catalog.INFORMATION_SCHEMA;
  }

  @Override
  public String name() {
    return "SCHEMATA";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("CATALOG_NAME", Type.VARCHAR)
        .with("SCHEMA_NAME", Type.VARCHAR)
        .with("SCHEMA_OWNER", Type.VARCHAR)
        .with("DEFAULT_CHARACTER_SET_CATALOG", Type.VARCHAR)
        .with("DEFAULT_CHARACTER_SET_SCHEMA", Type.VARCHAR)
        .with("DEFAULT_CHARACTER_SET_NAME", Type.VARCHAR)
        .with("SQL_PATH", Type.VARCHAR)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return session.catalog().schemas().stream()
        .map(schema -> new Object[] {Catalog.NAME, schema, null, null, null, null, null})
        .iterator();
  }
}
