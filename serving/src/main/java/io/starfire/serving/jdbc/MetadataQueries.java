package io.starfire.serving.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.Meta.Pat;
import org.jspecify.annotations.Nullable;

/**
 * What JDBC clients ask about schemas, tables and columns, as SQL. The texts are those of Druid:
 * they are sent to clients with the answers. Stateless.
 */
final class MetadataQueries {
  private MetadataQueries() {}

  static String catalogs() {
    return """
    SELECT
      DISTINCT CATALOG_NAME AS TABLE_CAT
    FROM
      INFORMATION_SCHEMA.SCHEMATA
    ORDER BY
      TABLE_CAT
    """;
  }

  static String tableTypes() {
    return """
    SELECT
      DISTINCT TABLE_TYPE AS TABLE_TYPE
    FROM
      INFORMATION_SCHEMA.TABLES
    ORDER BY
      TABLE_TYPE
    """;
  }

  static String schemas(@Nullable String catalog, Pat schema) {
    return """
    SELECT
      SCHEMA_NAME AS TABLE_SCHEM,
      CATALOG_NAME AS TABLE_CATALOG
    FROM
      INFORMATION_SCHEMA.SCHEMATA
    %s
    ORDER BY
      TABLE_CATALOG, TABLE_SCHEM
    """
        .formatted(
            new Conditions()
                .equal("SCHEMATA.CATALOG_NAME", catalog)
                .like("SCHEMATA.SCHEMA_NAME", schema)
                .where());
  }

  static String tables(
      @Nullable String catalog, Pat schema, Pat table, @Nullable List<String> types) {
    return """
    SELECT
      TABLE_CATALOG AS TABLE_CAT,
      TABLE_SCHEMA AS TABLE_SCHEM,
      TABLE_NAME AS TABLE_NAME,
      TABLE_TYPE AS TABLE_TYPE,
      CAST(NULL AS VARCHAR) AS REMARKS,
      CAST(NULL AS VARCHAR) AS TYPE_CAT,
      CAST(NULL AS VARCHAR) AS TYPE_SCHEM,
      CAST(NULL AS VARCHAR) AS TYPE_NAME,
      CAST(NULL AS VARCHAR) AS SELF_REFERENCING_COL_NAME,
      CAST(NULL AS VARCHAR) AS REF_GENERATION
    FROM
      INFORMATION_SCHEMA.TABLES
    %s
    ORDER BY
      TABLE_TYPE, TABLE_CAT, TABLE_SCHEM, TABLE_NAME
    """
        .formatted(
            new Conditions()
                .equal("TABLES.TABLE_CATALOG", catalog)
                .like("TABLES.TABLE_SCHEMA", schema)
                .like("TABLES.TABLE_NAME", table)
                .in("TABLES.TABLE_TYPE", types)
                .where());
  }

  static String columns(@Nullable String catalog, Pat schema, Pat table, Pat column) {
    return """
    SELECT
      TABLE_CATALOG AS TABLE_CAT,
      TABLE_SCHEMA AS TABLE_SCHEM,
      TABLE_NAME AS TABLE_NAME,
      COLUMN_NAME AS COLUMN_NAME,
      CAST(JDBC_TYPE AS INTEGER) AS DATA_TYPE,
      DATA_TYPE AS TYPE_NAME,
      -1 AS COLUMN_SIZE,
      -1 AS BUFFER_LENGTH,
      -1 AS DECIMAL_DIGITS,
      -1 AS NUM_PREC_RADIX,
      CASE IS_NULLABLE WHEN 'YES' THEN 1 ELSE 0 END AS NULLABLE,
      CAST(NULL AS VARCHAR) AS REMARKS,
      COLUMN_DEFAULT AS COLUMN_DEF,
      -1 AS SQL_DATA_TYPE,
      -1 AS SQL_DATETIME_SUB,
      -1 AS CHAR_OCTET_LENGTH,
      CAST(ORDINAL_POSITION AS INTEGER) AS ORDINAL_POSITION,
      IS_NULLABLE AS IS_NULLABLE,
      CAST(NULL AS VARCHAR) AS SCOPE_CATALOG,
      CAST(NULL AS VARCHAR) AS SCOPE_SCHEMA,
      CAST(NULL AS VARCHAR) AS SCOPE_TABLE,
      -1 AS SOURCE_DATA_TYPE,
      'NO' AS IS_AUTOINCREMENT,
      'NO' AS IS_GENERATEDCOLUMN
    FROM
      INFORMATION_SCHEMA.COLUMNS
    %s
    ORDER BY
      TABLE_CAT, TABLE_SCHEM, TABLE_NAME, ORDINAL_POSITION
    """
        .formatted(
            new Conditions()
                .equal("COLUMNS.TABLE_CATALOG", catalog)
                .like("COLUMNS.TABLE_SCHEMA", schema)
                .like("COLUMNS.TABLE_NAME", table)
                .like("COLUMNS.COLUMN_NAME", column)
                .where());
  }

  /** Conditions that all must hold. Without any, the line of WHERE is empty. */
  private static final class Conditions {
    private final List<String> conditions = new ArrayList<>();

    Conditions equal(String column, @Nullable String value) {
      if (value != null) {
        conditions.add(column + " = " + literal(value));
      }
      return this;
    }

    Conditions like(String column, Pat pattern) {
      if (pattern.s != null) {
        conditions.add(column + " LIKE " + literal(pattern.s) + " ESCAPE '\\'");
      }
      return this;
    }

    Conditions in(String column, @Nullable List<String> values) {
      if (values != null && !values.isEmpty()) {
        conditions.add(
            column
                + " IN ("
                + values.stream().map(MetadataQueries::literal).collect(Collectors.joining(", "))
                + ")");
      }
      return this;
    }

    String where() {
      return conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
    }
  }

  /** A literal in which everything but letters, digits and blanks stands by its number. */
  private static String literal(String text) {
    StringBuilder escaped = new StringBuilder();
    boolean isPlain = true;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isLetterOrDigit(character) && character < 128 || character == ' ') {
        escaped.append(character);
      } else {
        escaped.append("\\%04X".formatted((int) character));
        isPlain = false;
      }
    }
    return (isPlain ? "'" : "U&'") + escaped + "'";
  }
}
