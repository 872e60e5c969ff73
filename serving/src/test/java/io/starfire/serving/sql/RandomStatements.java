package io.starfire.serving.sql;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Draws statements that mean the same here and in DuckDB, over the tables t and u. */
final class RandomStatements {
  private static final List<String> TEXTS = List.of("", "a", "ab", "Ulm", "Köln", "b%", "zz");
  private final Random random;

  RandomStatements(long seed) {
    this.random = new Random(seed);
  }

  @SafeVarargs
  private <T> T one(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  @SafeVarargs
  private String of(Supplier<String>... choices) {
    return choices[random.nextInt(choices.length)].get();
  }

  private int small() {
    return random.nextInt(21) - 8;
  }

  private String literal() {
    return "'" + TEXTS.get(random.nextInt(TEXTS.size())) + "'";
  }

  private String number(int depth) {
    if (depth == 0) {
      return one("t.qty", "t.id", "CAST(" + random.nextInt(10) + " AS BIGINT)");
    }
    return of(
        () -> "t.qty",
        () -> "(" + number(depth - 1) + one(" + ", " - ", " * ") + number(depth - 1) + ")",
        () -> "ABS(" + number(depth - 1) + ")",
        () -> "COALESCE(" + number(depth - 1) + ", " + small() + ")",
        () -> "MOD(t.id, " + (2 + random.nextInt(5)) + ")",
        () -> "CASE WHEN " + condition(depth - 1) + " THEN t.qty ELSE " + small() + " END",
        () -> "EXTRACT(" + one("HOUR", "DAY", "MONTH") + " FROM t.__time)",
        () -> "LENGTH(" + text(depth - 1) + ")");
  }

  private String text(int depth) {
    if (depth == 0) {
      return one("t.city", "t.kind");
    }
    return of(
        () -> "t.city",
        () -> "t.kind",
        () -> one("UPPER(", "LOWER(") + text(depth - 1) + ")",
        () -> "(" + text(depth - 1) + " || " + literal() + ")",
        () -> "SUBSTRING(" + text(depth - 1) + ", 1, " + (1 + random.nextInt(3)) + ")",
        () -> "COALESCE(" + text(depth - 1) + ", 'none')",
        () -> "NULLIF(" + text(depth - 1) + ", " + literal() + ")",
        () -> "REPLACE(" + text(depth - 1) + ", 'a', 'xy')",
        () -> "CASE WHEN " + condition(depth - 1) + " THEN t.city ELSE t.kind END");
  }

  String condition(int depth) {
    String compare = one(" = ", " <> ", " < ", " <= ", " > ", " >= ");
    if (depth > 0 && random.nextInt(2) == 0) {
      return of(
          () -> "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")",
          () -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")",
          () -> "NOT (" + condition(depth - 1) + ")",
          () -> "(" + number(depth - 1) + compare + number(depth - 1) + ")",
          () -> "(" + text(depth - 1) + compare + text(depth - 1) + ")",
          () -> "(" + condition(depth - 1) + ") IS " + one("", "NOT ") + one("TRUE", "FALSE"));
    }
    return of(
        () -> "t.qty" + compare + small(),
        () -> "t.price" + compare + small() + ".5",
        () -> "t.city" + compare + literal(),
        () -> one("t.city", "t.qty", "t.price") + one(" IS NULL", " IS NOT NULL"),
        () -> "t.qty " + one("", "NOT ") + "IN (" + small() + ", " + small() + ", 3)",
        () -> "t.city " + one("", "NOT ") + "IN (" + literal() + ", " + literal() + ")",
        () -> "t.qty " + one("", "NOT ") + "BETWEEN " + small() + " AND " + (small() + 4),
        () -> "t.city " + one("", "NOT ") + "LIKE '" + one("a%", "%m", "_", "%l%", "") + "'",
        () ->
            "t.__time" + compare + "TIMESTAMP '2020-01-0" + (1 + random.nextInt(9)) + " 12:00:00'");
  }

  private String aggregate() {
    String plain =
        of(
            () -> "COUNT(*)",
            () -> "COUNT(" + one("t.qty", "t.city") + ")",
            () -> one("SUM(", "MIN(", "MAX(", "AVG(") + number(1) + ")",
            () -> one("SUM(", "MIN(", "MAX(") + "t.price)",
            () -> one("MIN(", "MAX(") + text(1) + ")",
            () -> "COUNT(DISTINCT " + one("t.city", "t.qty", "t.kind") + ")");
    return random.nextInt(4) == 0 && !plain.contains("DISTINCT")
        ? plain + " FILTER (WHERE " + condition(1) + ")"
        : plain;
  }

  private String where() {
    return random.nextInt(3) == 0 ? "" : " WHERE " + condition(2);
  }

  private String value() {
    return random.nextBoolean() ? number(2) : text(2);
  }

  private String grouped(boolean limits) {
    int keys = 1 + random.nextInt(2);
    StringBuilder sql = new StringBuilder("SELECT ");
    StringBuilder ordinals = new StringBuilder();
    for (int i = 1; i <= keys; i++) {
      sql.append(value()).append(" AS k").append(i).append(", ");
      ordinals.append(i == 1 ? "" : ", ").append(i);
    }
    sql.append(aggregate()).append(" AS x1, ").append(aggregate()).append(" AS x2 FROM t t");
    sql.append(where()).append(" GROUP BY ").append(ordinals);
    if (random.nextInt(3) == 0) {
      sql.append(" HAVING COUNT(*) > ").append(random.nextInt(4));
    }
    if (limits && random.nextBoolean()) {
      sql.append(order(keys + 2));
    }
    return sql.toString();
  }

  /** By all outputs, so that rows which are equal in the order are equal. */
  private String order(int outputs) {
    StringBuilder sql = new StringBuilder(" ORDER BY ");
    int first = random.nextInt(outputs);
    for (int i = 0; i < outputs; i++) {
      sql.append(i == 0 ? "" : ", ").append((first + i) % outputs + 1);
      sql.append(one(" ASC NULLS FIRST", " DESC NULLS LAST", " ASC NULLS LAST"));
    }
    sql.append(" LIMIT ").append(1 + random.nextInt(10));
    return random.nextBoolean()
        ? sql.append(" OFFSET ").append(random.nextInt(3)).toString()
        : sql.toString();
  }

  String next() {
    return of(
        () -> "SELECT " + value() + ", " + value() + " FROM t t" + where(),
        () -> "SELECT " + value() + ", t.id FROM t t" + where() + order(2),
        () -> "SELECT DISTINCT " + value() + ", " + text(1) + " FROM t t" + where(),
        () ->
            "SELECT "
                + aggregate()
                + ", "
                + aggregate()
                + ", "
                + aggregate()
                + " FROM t t"
                + where(),
        () -> grouped(true),
        () -> grouped(true),
        () -> "SELECT COUNT(*), MIN(x1), MAX(k1) FROM (" + grouped(true) + ") AS g",
        () ->
            "SELECT u.size, t.id FROM t t "
                + one("JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN")
                + " u u ON t.city = u.city"
                + (random.nextBoolean() ? " AND t.qty > u.size" : ""),
        () ->
            "SELECT u.size, "
                + aggregate()
                + " FROM t t "
                + one("JOIN", "LEFT JOIN")
                + " u u ON t.city = u.city"
                + where()
                + " GROUP BY u.size",
        () ->
            "SELECT t.id FROM t t WHERE t.city "
                + one("", "NOT ")
                + "IN (SELECT u.city FROM u u WHERE u.city IS NOT NULL)",
        () ->
            "SELECT u.city FROM u u WHERE "
                + one("", "NOT ")
                + "EXISTS (SELECT 1 FROM t t WHERE t.city = u.city AND "
                + condition(1)
                + ")",
        () -> "SELECT t.id FROM t t WHERE t.qty > (SELECT AVG(u.size) FROM u u)",
        () ->
            "SELECT "
                + text(1)
                + " FROM t t"
                + where()
                + one(" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT ")
                + "SELECT u.city FROM u u",
        () ->
            "SELECT t.id, "
                + one(
                    "ROW_NUMBER()",
                    "SUM(t.qty)",
                    "COUNT(t.qty)",
                    "LAG(t.qty)",
                    "MAX(t.id)",
                    "FIRST_VALUE(t.city)")
                + " OVER (PARTITION BY "
                + one("t.city", "t.kind")
                + " ORDER BY t.id) AS w FROM t t"
                + where(),
        () ->
            "SELECT t.id, "
                + one("RANK()", "DENSE_RANK()", "SUM(t.qty)")
                + " OVER (ORDER BY t.kind NULLS FIRST) AS w FROM t t",
        () -> "WITH g AS (" + grouped(false) + ") SELECT * FROM g WHERE x1 IS NOT NULL");
  }
}
