package io.starfire.serving.sql.catalog;

import io.starfire.event.ColumnType;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SystemTable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/** How the types of SQL and those of native queries belong together. Stateless. */
public final class SqlTypes {
  private SqlTypes() {}

  /** Makes types. Keeps those that it has made, so it is for one statement. */
  public static RelDataTypeFactory factory() {
    return new JavaTypeFactoryImpl(SqlTypeRules.INSTANCE) {
      @Override
      public Charset getDefaultCharset() {
        return StandardCharsets.UTF_16LE;
      }
    };
  }

  /** The type of a column of a data source. */
  static RelDataType ofColumn(RelDataTypeFactory factory, ColumnType type, String complex) {
    return switch (type) {
      case LONG -> nullable(factory, SqlTypeName.BIGINT);
      case DOUBLE -> nullable(factory, SqlTypeName.DOUBLE);
      case STRING -> nullable(factory, SqlTypeName.VARCHAR);
      case COMPLEX -> new ComplexType(complex, true);
    };
  }

  static RelDataType ofSystem(RelDataTypeFactory factory, SystemTable.Column column) {
    RelDataType type =
        factory.createSqlType(
            switch (column.type()) {
              case VARCHAR -> SqlTypeName.VARCHAR;
              case BIGINT -> SqlTypeName.BIGINT;
              case INTEGER -> SqlTypeName.INTEGER;
              case DOUBLE -> SqlTypeName.DOUBLE;
              case BOOLEAN -> SqlTypeName.BOOLEAN;
              case TIMESTAMP -> SqlTypeName.TIMESTAMP;
            });
    return factory.createTypeWithNullability(type, column.nullable());
  }

  static RelDataType nullable(RelDataTypeFactory factory, SqlTypeName type) {
    return factory.createTypeWithNullability(factory.createSqlType(type), true);
  }

  /** The native type of what a SQL type holds: LONG, DOUBLE, STRING, an array, or a sketch. */
  public static String nativeType(RelDataType type) {
    if (type instanceof ComplexType complex) {
      return complex.nativeType();
    }
    return switch (type.getSqlTypeName()) {
      case BOOLEAN,
          TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          TIMESTAMP,
          DATE,
          TIME,
          TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          "LONG";
      case DECIMAL, FLOAT, REAL, DOUBLE -> "DOUBLE";
      case ARRAY -> "ARRAY<" + nativeType(element(type)) + ">";
      case OTHER, ANY -> "COMPLEX";
      default -> SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName()) ? "LONG" : "STRING";
    };
  }

  private static RelDataType element(RelDataType array) {
    RelDataType element = array.getComponentType();
    return element == null ? array : element;
  }

  /** As clients see a column. */
  public static SqlColumn column(String name, RelDataType type) {
    SqlTypeName sqlType = type.getSqlTypeName();
    String nativeType =
        sqlType == SqlTypeName.FLOAT || sqlType == SqlTypeName.REAL ? "FLOAT" : nativeType(type);
    // Null has no type of its own in Druid's answers.
    String shown = sqlType == SqlTypeName.NULL ? SqlTypeName.VARCHAR.getName() : sqlType.getName();
    return new SqlColumn(
        name,
        shown,
        sqlType == SqlTypeName.NULL ? java.sql.Types.VARCHAR : sqlType.getJdbcOrdinal(),
        type.isNullable(),
        type.getPrecision(),
        type.getScale(),
        nativeType);
  }
}
