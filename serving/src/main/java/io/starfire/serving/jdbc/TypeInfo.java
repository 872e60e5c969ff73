package io.starfire.serving.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** The types of SQL as {@link DatabaseMetaData#getTypeInfo} lists them. Stateless. */
final class TypeInfo {
  private TypeInfo() {}

  private record Type(String name, int jdbcType, int precision, boolean quoted, boolean number) {
    Object[] row() {
      return new Object[] {
        name,
        jdbcType,
        precision,
        quoted ? "'" : null,
        quoted ? "'" : null,
        null,
        DatabaseMetaData.typeNullable,
        quoted,
        DatabaseMetaData.typeSearchable,
        false,
        false,
        false,
        name,
        0,
        0,
        0,
        0,
        number ? (Integer) 10 : null
      };
    }
  }

  /** In the order of their numbers, as JDBC wants it. */
  private static final List<Type> TYPES =
      List.of(
          new Type("BIGINT", Types.BIGINT, 19, false, true),
          new Type("CHAR", Types.CHAR, -1, true, false),
          new Type("DECIMAL", Types.DECIMAL, 19, false, true),
          new Type("INTEGER", Types.INTEGER, 10, false, true),
          new Type("FLOAT", Types.FLOAT, 15, false, true),
          new Type("DOUBLE", Types.DOUBLE, 15, false, true),
          new Type("VARCHAR", Types.VARCHAR, -1, true, false),
          new Type("BOOLEAN", Types.BOOLEAN, 1, false, false),
          new Type("DATE", Types.DATE, 0, false, false),
          new Type("TIMESTAMP", Types.TIMESTAMP, 3, false, false),
          new Type("OTHER", Types.OTHER, -1, false, false),
          new Type("ARRAY", Types.ARRAY, -1, false, false));

  private static final List<Map.Entry<String, Integer>> COLUMNS =
      List.of(
          Map.entry("TYPE_NAME", Types.VARCHAR),
          Map.entry("DATA_TYPE", Types.INTEGER),
          Map.entry("PRECISION", Types.INTEGER),
          Map.entry("LITERAL_PREFIX", Types.VARCHAR),
          Map.entry("LITERAL_SUFFIX", Types.VARCHAR),
          Map.entry("CREATE_PARAMS", Types.VARCHAR),
          Map.entry("NULLABLE", Types.INTEGER),
          Map.entry("CASE_SENSITIVE", Types.BOOLEAN),
          Map.entry("SEARCHABLE", Types.INTEGER),
          Map.entry("UNSIGNED_ATTRIBUTE", Types.BOOLEAN),
          Map.entry("FIXED_PREC_SCALE", Types.BOOLEAN),
          Map.entry("AUTO_INCREMENT", Types.BOOLEAN),
          Map.entry("LOCAL_TYPE_NAME", Types.VARCHAR),
          Map.entry("MINIMUM_SCALE", Types.INTEGER),
          Map.entry("MAXIMUM_SCALE", Types.INTEGER),
          Map.entry("SQL_DATA_TYPE", Types.INTEGER),
          Map.entry("SQL_DATETIME_SUB", Types.INTEGER),
          Map.entry("NUM_PREC_RADIX", Types.INTEGER));

  static Meta.MetaResultSet resultSet(String connectionId, int statementId) {
    List<ColumnMetaData> columns = new ArrayList<>();
    for (Map.Entry<String, Integer> column : COLUMNS) {
      columns.add(column(columns.size(), column.getKey(), column.getValue()));
    }
    List<Object> rows = new ArrayList<>();
    TYPES.forEach(type -> rows.add(type.row()));
    return Meta.MetaResultSet.create(
        connectionId,
        statementId,
        false,
        Meta.Signature.create(
            columns, null, List.of(), Meta.CursorFactory.ARRAY, Meta.StatementType.SELECT),
        new Meta.Frame(0, true, rows));
  }

  private static ColumnMetaData column(int ordinal, String name, int jdbcType) {
    boolean isText = jdbcType == Types.VARCHAR;
    boolean isNumber = jdbcType == Types.INTEGER;
    Rep rep = isText ? Rep.STRING : isNumber ? Rep.NUMBER : Rep.BOOLEAN;
    String type = isText ? "VARCHAR" : isNumber ? "INTEGER" : "BOOLEAN";
    @Nullable String none = null;
    return new ColumnMetaData(
        ordinal,
        false,
        true,
        false,
        false,
        DatabaseMetaData.columnNullable,
        true,
        -1,
        name,
        name,
        none,
        -1,
        Integer.MIN_VALUE,
        none,
        none,
        ColumnMetaData.scalar(jdbcType, type, rep),
        true,
        false,
        false,
        isText ? "java.lang.String" : isNumber ? "java.lang.Integer" : "java.lang.Boolean");
  }
}
