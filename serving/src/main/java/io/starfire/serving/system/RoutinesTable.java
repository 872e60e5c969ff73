package io.starfire.serving.system;

import io.starfire.serving.sql.SqlCatalog;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The functions, in {@code INFORMATION_SCHEMA}. Thread-safe. */
final class RoutinesTable implements SystemTable {
  @Override
  public String schema() {
    return Catalog.INFORMATION_SCHEMA;
  }

  @Override
  public String name() {
    return "ROUTINES";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("ROUTINE_CATALOG", Type.VARCHAR)
        .with("ROUTINE_SCHEMA", Type.VARCHAR)
        .with("ROUTINE_NAME", Type.VARCHAR)
        .with("ROUTINE_TYPE", Type.VARCHAR)
        .with("IS_AGGREGATOR", Type.VARCHAR)
        .nullable("SIGNATURES", Type.VARCHAR)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return session.catalog().functions().stream().map(RoutinesTable::row).iterator();
  }

  private static Object[] row(SqlCatalog.Function function) {
    return new Object[] {
      Catalog.NAME,
      Catalog.INFORMATION_SCHEMA,
      function.name(),
      "FUNCTION",
      Catalog.yesOrNo(function.aggregates()),
      function.signatures().isEmpty()
          ? null
          : function.signatures().stream()
              .map(signature -> "'" + signature + "'")
              .collect(Collectors.joining("\n"))
    };
  }
}
