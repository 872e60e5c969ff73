package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.Numbers;
import io.starfire.serving.query.model.QueryChecks;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads rows that stand in a query. Stateless. */
final class InlineParser {
  private static final Set<String> TYPES =
      Set.of("STRING", "LONG", "DOUBLE", "FLOAT", "ARRAY<STRING>");
  private static final Set<String> TYPES_OF_DRUID =
      Set.of("ARRAY<LONG>", "ARRAY<DOUBLE>", "COMPLEX<json>");

  private InlineParser() {}

  static DataSource.Inline parse(JsonFields fields) {
    List<String> names = new ArrayList<>();
    for (JsonNode name : fields.list("columnNames")) {
      names.add(JsonFields.text(name, fields.pathOf("columnNames")));
    }
    List<JsonNode> rows = fields.list("rows");
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).isArray() || rows.get(i).size() != names.size()) {
        throw QueryChecks.invalid(
            "%s[%d] must be a list of %d values, one for each of columnNames, got %s",
            fields.pathOf("rows"), i, names.size(), JsonFields.describe(rows.get(i)));
      }
    }
    List<DataSource.Inline.Column> columns = columns(fields, names, rows);
    List<List<@Nullable Object>> values = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Object[] row = new Object[columns.size()];
      for (int c = 0; c < row.length; c++) {
        row[c] = value(rows.get(i).get(c), columns.get(c), fields.pathOf("rows"), i);
      }
      values.add(Collections.unmodifiableList(Arrays.asList(row)));
    }
    return new DataSource.Inline(columns, values);
  }

  private static List<DataSource.Inline.Column> columns(
      JsonFields fields, List<String> names, List<JsonNode> rows) {
    List<JsonNode> given = fields.list("columnTypes");
    if (!given.isEmpty() && given.size() != names.size()) {
      throw QueryChecks.invalid(
          "%s has %d types for %d columnNames; give one for each, or leave it out",
          fields.pathOf("columnTypes"), given.size(), names.size());
    }
    List<DataSource.Inline.Column> columns = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      boolean isGiven = !given.isEmpty() && !given.get(c).isNull();
      columns.add(
          new DataSource.Inline.Column(
              names.get(c),
              isGiven ? type(given.get(c), fields.pathOf("columnTypes")) : typeOf(rows, c)));
    }
    return columns;
  }

  private static ColumnType type(JsonNode node, String path) {
    String name = JsonFields.text(node, path).toUpperCase(Locale.ROOT);
    return switch (name) {
      case "STRING", "ARRAY<STRING>" -> ColumnType.STRING;
      case "LONG" -> ColumnType.LONG;
      case "DOUBLE", "FLOAT" -> ColumnType.DOUBLE;
      default -> throw QueryParser.unknownType(path, name, TYPES, TYPES_OF_DRUID);
    };
  }

  /** The type that holds all values of a column. */
  private static ColumnType typeOf(List<JsonNode> rows, int column) {
    boolean real = false;
    boolean any = false;
    for (JsonNode row : rows) {
      JsonNode value = row.get(column);
      if (!value.isNull() && !value.isNumber()) {
        return ColumnType.STRING;
      }
      any |= value.isNumber();
      real |= value.isNumber() && !value.canConvertToLong();
      real |= value.isFloatingPointNumber();
    }
    return any ? real ? ColumnType.DOUBLE : ColumnType.LONG : ColumnType.STRING;
  }

  private static @Nullable Object value(
      JsonNode node, DataSource.Inline.Column column, String path, int row) {
    if (node.isNull()) {
      return null;
    }
    if (column.type() == ColumnType.STRING) {
      return node.isArray() ? texts(node, path) : JsonFields.scalar(node, path);
    }
    BigDecimal number = node.isContainerNode() ? null : Numbers.decimal(node.asText());
    Object value = null;
    if (number != null && column.type() == ColumnType.DOUBLE) {
      value = number.doubleValue();
    } else if (number != null && isLong(number)) {
      value = number.longValueExact();
    }
    if (value == null) {
      throw QueryChecks.invalid(
          "%s[%d]: the column '%s' is of type %s and cannot hold %s",
          path, row, column.name(), column.type(), JsonFields.describe(node));
    }
    return value;
  }

  private static boolean isLong(BigDecimal number) {
    return number.stripTrailingZeros().scale() <= 0
        && number.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0
        && number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
  }

  private static List<@Nullable String> texts(JsonNode node, String path) {
    List<@Nullable String> texts = new ArrayList<>();
    node.forEach(one -> texts.add(JsonFields.scalar(one, path)));
    return Collections.unmodifiableList(texts);
  }
}
