package io.starfire.serving.system;

import io.starfire.serving.sql.SqlCatalog;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.sql.Types;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The columns of all tables, in {@code INFORMATION_SCHEMA}. Thread-safe. */
final class ColumnsTable implements SystemTable {
  @Override
  public String schema() {
    return Catalog.INFORMATION_SCHEMA;
  }

  @Override
  public String name() {
    return "COLUMNS";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("TABLE_CATALOG", Type.VARCHAR)
        .with("TABLE_SCHEMA", Type.VARCHAR)
        .with("TABLE_NAME", Type.VARCHAR)
        .with("COLUMN_NAME", Type.VARCHAR)
        .with("ORDINAL_POSITION", Type.BIGINT)
        .with("COLUMN_DEFAULT", Type.VARCHAR)
        .with("IS_NULLABLE", Type.VARCHAR)
        .with("DATA_TYPE", Type.VARCHAR)
        .nullable("CHARACTER_MAXIMUM_LENGTH", Type.VARCHAR)
        .nullable("CHARACTER_OCTET_LENGTH", Type.VARCHAR)
        .nullable("NUMERIC_PRECISION", Type.BIGINT)
        .nullable("NUMERIC_PRECISION_RADIX", Type.BIGINT)
        .nullable("NUMERIC_SCALE", Type.BIGINT)
        .nullable("DATETIME_PRECISION", Type.BIGINT)
        .nullable("CHARACTER_SET_NAME", Type.VARCHAR)
        .nullable("COLLATION_NAME", Type.VARCHAR)
        .with("JDBC_TYPE", Type.BIGINT)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return session.catalog().tables().stream().flatMap(ColumnsTable::rows).iterator();
  }

  private static Stream<Object[]> rows(SqlCatalog.Table table) {
    return IntStream.range(0, table.columns().size())
        .mapToObj(at -> row(table, at + 1L, table.columns().get(at)));
  }

  private static Object[] row(SqlCatalog.Table table, long position, SqlColumn column) {
    boolean isNumber = isNumber(column.jdbcType());
    boolean isText = column.jdbcType() == Types.VARCHAR || column.jdbcType() == Types.CHAR;
    boolean isTime = column.jdbcType() == Types.TIMESTAMP || column.jdbcType() == Types.DATE;
    return new Object[] {
      Catalog.NAME,
      table.schema(),
      table.name(),
      column.name(),
      position,
      "",
      Catalog.yesOrNo(column.nullable()),
      column.jdbcType() == Types.OTHER ? column.nativeType() : column.sqlType(),
      null,
      null,
      isNumber ? (Long) (long) column.precision() : null,
      isNumber ? (Long) 10L : null,
      isNumber ? (Long) (long) column.scale() : null,
      isTime ? (Long) (long) column.precision() : null,
      isText ? "UTF-16LE" : null,
      isText ? "UTF-16LE$en_US$primary" : null,
      (long) column.jdbcType()
    };
  }

  private static boolean isNumber(int jdbcType) {
    return switch (jdbcType) {
      case Types.BIGINT, Types.INTEGER, Types.DOUBLE, Types.FLOAT, Types.REAL, Types.DECIMAL ->
          true;
      default -> false;
    };
  }
}
