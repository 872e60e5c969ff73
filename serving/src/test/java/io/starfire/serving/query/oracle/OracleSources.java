package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Times;
import io.starfire.serving.query.sample.SampleRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of data sources as plain values, and what joins mean: two loops. */
final class OracleSources {
  private OracleSources() {}

  /**
   * All rows of a data source.
   *
   * @param table the rows of each table
   */
  static List<SampleRow> rows(JsonNode dataSource, List<SampleRow> table) {
    String type = dataSource.isTextual() ? "table" : dataSource.get("type").asText();
    return switch (type) {
      case "table" -> table;
      case "union" -> {
        List<SampleRow> rows = new ArrayList<>();
        dataSource.get("dataSources").forEach(member -> rows.addAll(rows(member, table)));
        yield rows;
      }
      case "inline" -> inline(dataSource);
      case "query" -> answer(dataSource.get("query"), table);
      case "lookup" -> lookup(OracleSourceQueries.LOOKUP);
      case "join" -> join(dataSource, table);
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static List<SampleRow> inline(JsonNode inline) {
    List<SampleRow> rows = new ArrayList<>();
    for (JsonNode row : inline.get("rows")) {
      Map<String, Object> values = new LinkedHashMap<>();
      long time = 0;
      for (int c = 0; c < row.size(); c++) {
        String name = inline.get("columnNames").get(c).asText();
        String type = inline.get("columnTypes").get(c).asText();
        JsonNode value = row.get(c);
        if (name.equals("__time")) {
          time = value.asLong();
        } else {
          values.put(
              name,
              value.isNull()
                  ? null
                  : switch (type) {
                    case "LONG" -> (Object) value.asLong();
                    case "DOUBLE" -> (Object) value.asDouble();
                    default -> value.asText();
                  });
        }
      }
      rows.add(new SampleRow(time, values));
    }
    return rows;
  }

  private static List<SampleRow> lookup(Map<String, String> pairs) {
    List<SampleRow> rows = new ArrayList<>();
    pairs.forEach((key, value) -> rows.add(SampleRow.of(0, "k", key, "v", value)));
    return rows;
  }

  /** The rows of a groupBy or timeseries as they are answered. */
  private static List<SampleRow> answer(JsonNode query, List<SampleRow> table) {
    List<SampleRow> below = rows(query.get("dataSource"), table);
    List<SampleRow> rows = new ArrayList<>();
    for (JsonNode row : Oracle.answer(query, OracleExpressions.withVirtual(query, below))) {
      Map<String, Object> values = new LinkedHashMap<>();
      JsonNode outputs = row.get(row.has("event") ? "event" : "result");
      outputs.properties().forEach(one -> values.put(one.getKey(), plain(one.getValue())));
      rows.add(new SampleRow(Times.parse(row.get("timestamp").asText()), values));
    }
    return rows;
  }

  private static Object plain(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isIntegralNumber()) {
      return value.asLong();
    }
    return value.isNumber() ? (Object) value.asDouble() : value.asText();
  }

  private static List<SampleRow> join(JsonNode join, List<SampleRow> table) {
    List<SampleRow> right = rows(join.get("right"), table);
    String prefix = join.get("rightPrefix").asText();
    // Conditions here are of the form: column == "prefix and column".
    String[] sides = join.get("condition").asText().split(" == ", 2);
    String leftColumn = unquoted(sides[0]);
    String rightColumn = unquoted(sides[1]).substring(prefix.length());
    List<String> names = new ArrayList<>();
    names(join.get("right")).forEach(names::add);
    List<SampleRow> joined = new ArrayList<>();
    for (SampleRow row : rows(join.get("left"), table)) {
      boolean found = false;
      for (SampleRow other : right) {
        Object key = other.value(rightColumn);
        if (key != null && key.equals(as(key, row.value(leftColumn)))) {
          joined.add(both(row, other, names, prefix));
          found = true;
        }
      }
      if (!found && join.get("joinType").asText().equals("LEFT")) {
        joined.add(both(row, null, names, prefix));
      }
    }
    return joined;
  }

  private static List<String> names(JsonNode right) {
    return switch (right.get("type").asText()) {
      case "lookup" -> List.of("k", "v");
      case "inline" -> {
        List<String> names = new ArrayList<>();
        right.get("columnNames").forEach(name -> names.add(name.asText()));
        yield names;
      }
      default -> throw new IllegalArgumentException(right.toString());
    };
  }

  private static String unquoted(String name) {
    return name.replace("\\\"", "\u0000").replace("\"", "").replace("\u0000", "\"");
  }

  /** A value as one of the type of another: what cannot be one equals nothing. */
  private static Object as(Object other, Object value) {
    if (value == null || value instanceof List<?>) {
      return null;
    }
    if (other instanceof String) {
      return value.toString();
    }
    try {
      return new BigDecimal(value.toString()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static SampleRow both(
      SampleRow left, SampleRow right, List<String> names, String prefix) {
    Map<String, Object> values = new LinkedHashMap<>(left.values());
    for (String name : names) {
      values.put(prefix + name, right == null ? null : right.value(name));
    }
    return new SampleRow(left.timeMillis(), values);
  }
}
