package io.starfire.serving.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.Meta.Pat;
import org.jspecify.annotations.Nullable;

/**
 * What JDBC clients ask about schemas, tables and columns, as SQL. The texts that clients are shown
 * with the answers are those of Druid, which write most characters of a literal by their numbers.
 * The texts that run have the characters themselves. Stateless.
 */
final class MetadataQueries {
  private MetadataQueries() {}

  /**
   * A question.
   *
   * @param shown to the client
   * @param run here
   */
  record Text(String shown, String run) {
    private static Text of(String sql) {
      return new Text(sql, sql);
    }

    private static Text of(String template, Conditions conditions) {
      return new Text(
          template.formatted(conditions.where(MetadataQueries::numbered)),
          template.formatted(conditions.where(MetadataQueries::plain)));
    }
  }

  static Text catalogs() {
    return Text.of(
        """
        SELECT
          DISTINCT CATALOG_NAME AS TABLE_CAT
        FROM
          INFORMATION_SCHEMA.SCHEMATA
        ORDER BY
          TABLE_CAT
        """);
  }

  static Text tableTypes() {
    return Text.of(
        """
        SELECT
          DISTINCT TABLE_TYPE AS TABLE_TYPE
        FROM
          INFORMATION_SCHEMA.TABLES
        ORDER BY
          TABLE_TYPE
        """);
  }

  static Text schemas(@Nullable String catalog, Pat schema) {
    return Text.of(
        """
        SELECT
          SCHEMA_NAME AS TABLE_SCHEM,
          CATALOG_NAME AS TABLE_CATALOG
        FROM
          INFORMATION_SCHEMA.SCHEMATA
        %s
        ORDER BY
          TABLE_CATALOG, TABLE_SCHEM
        """,
        new Conditions()
            .equal("SCHEMATA.CATALOG_NAME", catalog)
            .like("SCHEMATA.SCHEMA_NAME", schema));
  }

  static Text tables(
      @Nullable String catalog, Pat schema, Pat table, @Nullable List<String> types) {
    return Text.of(
        """
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
        """,
        new Conditions()
            .equal("TABLES.TABLE_CATALOG", catalog)
            .like("TABLES.TABLE_SCHEMA", schema)
            .like("TABLES.TABLE_NAME", table)
            .in("TABLES.TABLE_TYPE", types));
  }

  static Text columns(@Nullable String catalog, Pat schema, Pat table, Pat column) {
    return Text.of(
        """
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
        """,
        new Conditions()
            .equal("COLUMNS.TABLE_CATALOG", catalog)
            .like("COLUMNS.TABLE_SCHEMA", schema)
            .like("COLUMNS.TABLE_NAME", table)
            .like("COLUMNS.COLUMN_NAME", column));
  }

  /** Conditions that all must hold. Without any, the line of WHERE is empty. */
  private static final class Conditions {
    private final List<Function<UnaryOperator<String>, String>> conditions = new ArrayList<>();

    Conditions equal(String column, @Nullable String value) {
      if (value != null) {
        conditions.add(literal -> column + " = " + literal.apply(value));
      }
      return this;
    }

    Conditions like(String column, Pat pattern) {
      if (pattern.s != null) {
        conditions.add(literal -> column + " LIKE " + literal.apply(pattern.s) + " ESCAPE '\\'");
      }
      return this;
    }

    Conditions in(String column, @Nullable List<String> values) {
      if (values != null && !values.isEmpty()) {
        conditions.add(
            literal ->
                column
                    + " IN ("
                    + values.stream().map(literal).collect(Collectors.joining(", "))
                    + ")");
      }
      return this;
    }

    String where(UnaryOperator<String> literal) {
      return conditions.isEmpty()
          ? ""
          : "WHERE "
              + conditions.stream()
                  .map(condition -> condition.apply(literal))
                  .collect(Collectors.joining(" AND "));
    }
  }

  private static String plain(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** All but letters, digits and blanks by their numbers. */
  private static String numbered(String text) {
    StringBuilder escaped = new StringBuilder();
    boolean isPlain = true;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if ((Character.isLetterOrDigit(character) && character < 128) || character == ' ') {
        escaped.append(character);
      } else {
        escaped.append("\\%04X".formatted((int) character));
        isPlain = false;
      }
    }
    return (isPlain ? "'" : "U&'") + escaped + "'";
  }
}
