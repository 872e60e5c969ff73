package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.event.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random expressions over columns of known types, as text. */
final class OracleExpressionTexts {
  private final Random random;
  private final List<OracleSchema.Column> columns;

  OracleExpressionTexts(Random random, List<OracleSchema.Column> columns) {
    this.random = random;
    this.columns = columns;
  }

  /** Adds virtual columns to a query, and returns what they are. */
  List<OracleSchema.Column> addTo(ObjectNode query) {
    List<OracleSchema.Column> added = new ArrayList<>();
    ArrayNode virtual = query.putArray("virtualColumns");
    boolean nests = columns.stream().anyMatch(column -> column.name().equals(OracleSchema.NESTED));
    if (nests && random.nextBoolean()) {
      added.add(path(virtual.addObject().put("type", "expression").put("name", "v9")));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      String name = "v" + i;
      ObjectNode column = virtual.addObject().put("type", "expression").put("name", name);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          String text = text(3);
          OracleSchema.Content content =
              text.contains("\"tags\"") ? OracleSchema.Content.TEXTS : OracleSchema.Content.TEXT;
          column.put("expression", text).put("outputType", "STRING");
          added.add(new OracleSchema.Column(name, content, null));
        }
        case 2 -> {
          column.put("expression", whole(3)).put("outputType", "LONG");
          added.add(new OracleSchema.Column(name, OracleSchema.Content.BIG, null));
        }
        default -> {
          column.put("expression", real(3));
          added.add(new OracleSchema.Column(name, OracleSchema.Content.WILD, null));
        }
      }
    }
    return added;
  }

  /** What is at a path of the nested values. */
  private OracleSchema.Column path(ObjectNode column) {
    String path = one("$.a", "$.b.c", "$.b", "$.b.d[1]", "$.b.d[2].e", "$.x");
    boolean whole = random.nextInt(3) == 0;
    column
        .put(
            "expression",
            "json_value(\"%s\", '%s'%s)"
                .formatted(OracleSchema.NESTED, path, whole ? ", 'LONG'" : ""))
        .put("outputType", whole ? "LONG" : "STRING");
    return new OracleSchema.Column(
        "v9", whole ? OracleSchema.Content.BIG : OracleSchema.Content.TEXT, null);
  }

  /** Null, 1 or 0. */
  String truth() {
    return truth(2);
  }

  private String text(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      List<String> names = names(ColumnType.STRING, true);
      return names.isEmpty() || random.nextInt(3) == 0
          ? one("'a'", "''", "'B\\'c'", "'10'", "'ä'")
          : one(names.toArray(String[]::new));
    }
    return switch (random.nextInt(10)) {
      case 0 -> "upper(" + text(depth - 1) + ")";
      case 1 -> "lower(" + text(depth - 1) + ")";
      case 2 -> "concat(" + text(depth - 1) + ", " + text(depth - 1) + ")";
      case 3 -> "replace(" + text(depth - 1) + ", 'a', " + one("''", "'xy'") + ")";
      case 4 -> "substring(" + text(depth - 1) + ", " + one("0", "1", "3") + ", 2)";
      case 5 -> "nvl(" + text(depth - 1) + ", " + text(depth - 1) + ")";
      case 6 -> "if(" + truth(depth - 1) + ", " + text(depth - 1) + ", " + text(depth - 1) + ")";
      case 7 -> "cast(" + whole(depth - 1) + ", 'STRING')";
      case 8 -> "regexp_extract(" + text(depth - 1) + ", " + one("'[0-9]+'", "'^.'") + ")";
      default -> "(" + text(depth - 1) + " + " + text(depth - 1) + ")";
    };
  }

  private String whole(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      List<String> names = names(ColumnType.LONG, false);
      names.add("\"__time\"");
      return random.nextInt(3) == 0 ? one("0", "1", "-7", "3") : one(names.toArray(String[]::new));
    }
    return switch (random.nextInt(9)) {
      case 0, 1 ->
          "(%s %s %s)".formatted(whole(depth - 1), one("+", "-", "*", "/", "%"), whole(depth - 1));
      case 2 -> "nvl(" + whole(depth - 1) + ", " + whole(depth - 1) + ")";
      case 3 -> "if(" + truth(depth - 1) + ", " + whole(depth - 1) + ", " + whole(depth - 1) + ")";
      case 4 -> "strlen(" + plain(text(depth - 1)) + ")";
      case 5 -> "strpos(" + plain(text(depth - 1)) + ", 'a')";
      case 6 -> "cast(" + plain(text(depth - 1)) + ", 'LONG')";
      case 7 ->
          one(
              "timestamp_floor(\"__time\", 'PT1H')",
              "timestamp_extract(\"__time\", 'HOUR', '+02:00')");
      default -> truth(depth - 1);
    };
  }

  /** Sums stay exact: only small multiples of fractions that binary has. */
  private String real(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      List<String> names = names(ColumnType.DOUBLE, false);
      return names.isEmpty() || random.nextInt(3) == 0
          ? one("0.5", "-2.0", "3.25")
          : one(names.toArray(String[]::new));
    }
    return switch (random.nextInt(4)) {
      case 0 -> "(%s %s %s)".formatted(real(depth - 1), one("+", "-"), real(depth - 1));
      case 1 -> "(" + real(depth - 1) + " * " + one("2.0", "0.5", "-1.0") + ")";
      case 2 -> "nvl(" + real(depth - 1) + ", " + real(depth - 1) + ")";
      default ->
          "case_searched(%s, %s, %s, %s, %s)"
              .formatted(
                  truth(depth - 1),
                  real(depth - 1),
                  truth(depth - 1),
                  real(depth - 1),
                  real(depth - 1));
    };
  }

  private String truth(int depth) {
    int kind = random.nextInt(depth <= 0 ? 4 : 7);
    String order = one("<", "<=", ">", ">=", "==", "!=");
    int below = Math.max(0, depth - 1);
    return switch (kind) {
      case 0 -> "(" + plain(text(below)) + " " + order + " " + plain(text(below)) + ")";
      case 1 -> "(" + whole(below) + " " + order + " " + whole(below) + ")";
      case 2 -> "(" + real(below) + " " + order + " " + one("0.5", "1.0") + ")";
      case 3 -> "isnull(" + plain(text(below)) + ")";
      case 4 -> "!" + truth(below);
      default -> "(" + truth(below) + " " + one("&&", "||") + " " + truth(below) + ")";
    };
  }

  /**
   * Without the column that has several values: only texts may come of it, as their type does not
   * depend on whether a row set has a row with several.
   */
  private static String plain(String text) {
    return text.replace("\"tags\"", "'c'");
  }

  private List<String> names(ColumnType type, boolean several) {
    List<String> names = new ArrayList<>();
    for (OracleSchema.Column column : columns) {
      boolean fits =
          column.type() == type && (several || column.content() != OracleSchema.Content.TEXTS);
      if (fits) {
        names.add('"' + column.name().replace("\"", "\\\"") + '"');
      }
    }
    return names;
  }

  private String one(String... values) {
    return values[random.nextInt(values.length)];
  }
}
