package io.starfire.serving.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements over two small tables, and the rows that they must give. */
class SqlAnswersTest {
  @TempDir static Path directory;
  private static SqlRig rig;

  @BeforeAll
  static void start() throws IOException {
    SystemTable shops =
        new SystemTable() {
          @Override
          public String schema() {
            return "sys";
          }

          @Override
          public String name() {
            return "shops";
          }

          @Override
          public List<Column> columns() {
            return List.of(
                Column.of("name", Type.VARCHAR),
                Column.of("size", Type.BIGINT),
                Column.of("is_open", Type.BOOLEAN));
          }

          @Override
          public java.util.Iterator<Object[]> rows(SqlSession session) {
            return List.of(
                    new Object[] {"a", 3L, true},
                    new Object[] {"b", 5L, false},
                    new Object[] {"c", null, null})
                .iterator();
          }
        };
    rig = new SqlRig(directory, List.of(shops));
    rig.table(
        "sales",
        List.of("city STRING", "tags STRING", "qty LONG", "price DOUBLE"),
        List.of(
            row("2020-01-01T00:10:00Z", "Ulm", List.of("a", "b"), 1L, 1.5),
            row("2020-01-01T00:20:00Z", "Ulm", "a", 2L, 2.5),
            row("2020-01-01T01:10:00Z", "Bonn", null, 3L, null),
            row("2020-01-01T01:20:00Z", null, "c", 4L, 0.5),
            row("2020-01-01T03:00:00Z", "Köln", List.of("b", "c"), null, 10.0),
            row("2020-01-02T00:00:00Z", "Bonn", "a", 6L, 4.0),
            row("2020-02-01T12:00:00Z", "", "x", -5L, -1.0),
            row("2020-03-01T12:00:00Z", "Ulm", null, 7L, 3.5)));
    rig.table(
        "cities",
        List.of("city STRING", "country STRING", "people LONG"),
        List.of(
            row("2020-01-01T00:00:00Z", "Ulm", "de", 126000L),
            row("2020-01-01T00:00:00Z", "Bonn", "de", 330000L),
            row("2020-01-01T00:00:00Z", "Lyon", "fr", 522000L)));
    rig.lookup("names", Map.of("Ulm", "ULM!", "Bonn", "BN"));
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static Object[] is(String sql, String... rows) {
    return new Object[] {sql, List.of(rows)};
  }

  static List<Object[]> statements() {
    return List.of(
        // Without a table.
        is("SELECT 1", "1"),
        is("SELECT 1, 'a' || 'b', 7 / 2, 7 / 2.0, -7 / 2, MOD(-7, 3);", "1|ab|3|3.5|-3|-1"),
        is("SELECT CAST(NULL AS BIGINT), CAST('12' AS BIGINT), CAST(1.9 AS BIGINT)", "null|12|1"),
        is("SELECT 1 = 1, 1 > 2, NULL = 1", "true|false|null"),
        is(
            "SELECT 9007199254740993, -9223372036854775808",
            "9007199254740993|-9223372036854775808"),
        is("VALUES (1, 'a'), (2, NULL)", "1|a", "2|null"),
        is("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (x, y) WHERE x > 1", "2|b"),
        is("SELECT 'Zürich' AS a, 'it''s' AS b, 'back\\slash' AS c", "Zürich|it's|back\\slash"),
        is("SELECT city FROM cities WHERE city LIKE U&'L\\0079%' ESCAPE '!'", "Lyon"),
        // Rows.
        is(
            "SELECT city, qty FROM sales WHERE qty > 3 ORDER BY __time",
            "null|4",
            "Bonn|6",
            "Ulm|7"),
        is("SELECT qty FROM sales ORDER BY __time LIMIT 2 OFFSET 1", "2", "3"),
        is("SELECT qty FROM sales ORDER BY qty DESC LIMIT 3", "7", "6", "4"),
        is("SELECT qty FROM sales ORDER BY qty LIMIT 2", "null", "-5"),
        is("SELECT qty FROM sales ORDER BY qty DESC NULLS FIRST LIMIT 2", "null", "7"),
        is("SELECT qty * 2 AS d FROM sales ORDER BY d DESC LIMIT 1", "14"),
        is("SELECT city FROM sales WHERE city IS NULL", "null"),
        is("SELECT COUNT(*) FROM sales WHERE city = ''", "1"),
        is(
            "SELECT city FROM sales WHERE NOT (city = 'Ulm') ORDER BY __time",
            "Bonn",
            "Köln",
            "Bonn",
            ""),
        is(
            "SELECT qty FROM sales WHERE city IN ('Bonn', 'Köln') OR qty = -5 ORDER BY __time",
            "3",
            "null",
            "6",
            "-5"),
        is(
            "SELECT qty FROM sales WHERE city NOT IN ('Bonn', 'Köln', '') ORDER BY __time",
            "1",
            "2",
            "7"),
        is(
            "SELECT qty FROM sales WHERE city LIKE 'K%' OR city LIKE '_onn' ORDER BY __time",
            "3", "null", "6"),
        is("SELECT qty FROM sales WHERE price BETWEEN 0.5 AND 2.5 ORDER BY __time", "1", "2", "4"),
        is("SELECT qty FROM sales WHERE qty + 1 = 4 AND UPPER(city) = 'BONN'", "3"),
        is(
            "SELECT qty FROM sales WHERE __time >= '2020-01-01 01:00:00.000000' AND __time <"
                + " '2020-01-01 02:00:00.000000' ORDER BY __time",
            "3",
            "4"),
        is(
            "SELECT qty FROM sales WHERE __time BETWEEN TIMESTAMP '2020-02-01 12:00:00' AND"
                + " TIMESTAMP '2020-03-01 12:00:00' ORDER BY __time",
            "-5",
            "7"),
        is("SELECT COUNT(*) FROM sales WHERE __time < '1960-01-01'", "0"),
        is("SELECT 'x', qty FROM sales WHERE qty = 1", "x|1"),
        is(
            "SELECT qty > 5 AS big FROM sales WHERE qty > 3 ORDER BY __time",
            "false",
            "true",
            "true"),
        is("SELECT qty FROM sales LIMIT 0"),
        is("SELECT * FROM sales WHERE qty = 2", "2020-01-01T00:20:00.000Z|Ulm|a|2|2.5"),
        // Groups.
        is(
            "SELECT COUNT(*), COUNT(qty), SUM(qty), MIN(qty), MAX(qty), AVG(qty) FROM sales",
            "8|7|18|-5|7|2.5714285714285716"),
        is("SELECT SUM(qty), COUNT(*), MAX(city) FROM sales WHERE qty > 100", "null|0|null"),
        is(
            "SELECT city, COUNT(*) AS n FROM sales GROUP BY city ORDER BY n DESC, city",
            "Ulm|3",
            "Bonn|2",
            "null|1",
            "|1",
            "Köln|1"),
        is(
            "SELECT city, SUM(qty) AS s FROM sales GROUP BY city ORDER BY s DESC LIMIT 2",
            "Ulm|10",
            "Bonn|9"),
        is("SELECT city FROM sales GROUP BY city HAVING COUNT(*) > 1 ORDER BY 1", "Bonn", "Ulm"),
        is(
            "SELECT city, COUNT(*) FROM sales GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1 OFFSET"
                + " 1",
            "Bonn|2"),
        is("SELECT DISTINCT city FROM sales WHERE qty > 0 ORDER BY city", "null", "Bonn", "Ulm"),
        is(
            "SELECT city, SUM(price) * 1.0 / COUNT(*) AS a FROM sales WHERE city = 'Ulm' GROUP BY"
                + " city",
            "Ulm|2.5"),
        is("SELECT SUM(qty) AS qty FROM sales HAVING SUM(qty) > 5", "18"),
        is(
            "SELECT city, SUM(qty) AS qty FROM sales GROUP BY city HAVING SUM(qty) > 5 ORDER BY"
                + " SUM(qty) DESC",
            "Ulm|10",
            "Bonn|9"),
        is(
            "SELECT CASE WHEN qty > 3 THEN 'big' ELSE 'small' END AS k, COUNT(*) FROM sales GROUP"
                + " BY CASE WHEN qty > 3 THEN 'big' ELSE 'small' END ORDER BY 1",
            "big|3",
            "small|5"),
        is(
            "SELECT qty > 3 AS k, COUNT(*) FROM sales GROUP BY qty > 3 ORDER BY 2",
            "null|1",
            "true|3",
            "false|4"),
        is(
            "SELECT COUNT(*) FILTER (WHERE qty > 2), SUM(qty) FILTER (WHERE city = 'Ulm') FROM"
                + " sales",
            "4|10"),
        is(
            "SELECT tags, COUNT(*) FROM sales WHERE tags IS NOT NULL GROUP BY tags ORDER BY 1",
            "a|3",
            "b|2",
            "c|2",
            "x|1"),
        is("SELECT COUNT(DISTINCT city) FROM sales", "4"),
        is("SELECT MIN(city), MAX(city), COUNT(*) FROM sales", "|Ulm|8"),
        is(
            "SELECT qty > 2, MIN(city), SUM(qty) FROM sales WHERE qty IS NOT NULL GROUP BY 1 ORDER"
                + " BY 1",
            "false||-2",
            "true|Bonn|20"),
        is(
            "SELECT EARLIEST(qty), LATEST(qty), LATEST(city), ANY_VALUE(qty) FROM sales",
            "1|7|Ulm|7"),
        is("SELECT EARLIEST_BY(city, MILLIS_TO_TIMESTAMP(qty)) FROM sales WHERE qty > 2", "Bonn"),
        is("SELECT STRING_AGG(DISTINCT city, ',') FROM sales WHERE city > ''", "Bonn,Köln,Ulm"),
        is("SELECT ARRAY_LENGTH(ARRAY_AGG(DISTINCT city)) FROM sales WHERE city > ''", "3"),
        is(
            "SELECT city, ARRAY_AGG(qty) FROM sales WHERE city = 'Bonn' GROUP BY city",
            "Bonn|[3,6]"),
        is("SELECT SUM(DISTINCT qty / 2) FROM sales WHERE qty > 0", "6"),
        is(
            "SELECT city, GROUPING(city) AS g, COUNT(*) FROM sales WHERE qty > 5 GROUP BY ROLLUP"
                + " (city) ORDER BY g, city",
            "Bonn|0|1",
            "Ulm|0|1",
            "null|1|2"),
        is(
            "SELECT city, qty, COUNT(*) FROM sales WHERE qty > 5 GROUP BY GROUPING SETS ((city),"
                + " (qty)) ORDER BY 1, 2",
            "null|6|1",
            "null|7|1",
            "Bonn|null|1",
            "Ulm|null|1"),
        is("SELECT APPROX_QUANTILE_DS(qty, 0.5) FROM sales", "3.0"),
        is(
            "SELECT APPROX_COUNT_DISTINCT_DS_HLL(qty), APPROX_COUNT_DISTINCT_DS_THETA(qty),"
                + " HLL_SKETCH_ESTIMATE(DS_HLL(qty), true) FROM sales",
            "7|7|7.0"),
        is("SELECT STDDEV_POP(qty), VAR_SAMP(qty) FROM sales WHERE qty IN (1, 3)", "1.0|2.0"),
        // Time.
        is(
            "SELECT TIME_FLOOR(__time, 'PT1H') AS t, COUNT(*) FROM sales WHERE __time <"
                + " '2020-01-02' GROUP BY 1 ORDER BY 1",
            "2020-01-01|2",
            "2020-01-01T01:00:00.000Z|2",
            "2020-01-01T03:00:00.000Z|1"),
        is(
            "SELECT FLOOR(__time TO MONTH) AS t, SUM(qty) AS s FROM sales GROUP BY FLOOR(__time TO"
                + " MONTH) ORDER BY s DESC",
            "2020-01-01|16",
            "2020-03-01|7",
            "2020-02-01|-5"),
        is(
            "SELECT DATE_TRUNC('day', __time) AS d, city, COUNT(*) FROM sales WHERE city = 'Bonn'"
                + " GROUP BY 1, 2 ORDER BY 1",
            "2020-01-01|Bonn|1",
            "2020-01-02|Bonn|1"),
        is(
            "SELECT TIME_FLOOR(CAST(\"__time\" AS TIMESTAMP), 'P1D') AS \"__time\", SUM(\"qty\") AS"
                + " \"SUM(qty)\" FROM \"druid\".\"sales\" GROUP BY TIME_FLOOR(CAST(\"__time\" AS"
                + " TIMESTAMP), 'P1D') ORDER BY \"SUM(qty)\" DESC LIMIT 2",
            "2020-01-01|10",
            "2020-03-01|7"),
        is(
            "SELECT EXTRACT(HOUR FROM __time) AS h, COUNT(*) FROM sales GROUP BY 1 ORDER BY 2 DESC,"
                + " 1 LIMIT 2",
            "0|3",
            "1|2"),
        is(
            "SELECT CAST(__time AS DATE) AS d, COUNT(*) FROM sales GROUP BY 1 ORDER BY 1 LIMIT 1",
            "2020-01-01|5"),
        is(
            "SELECT TIMESTAMPADD(HOUR, 2, TIMESTAMP '2015-09-12 00:00:00'), TIMESTAMPDIFF(MINUTE,"
                + " TIMESTAMP '2015-09-12 00:00:00', TIMESTAMP '2015-09-13 01:30:00'), TIMESTAMP"
                + " '2015-01-31 00:00:00' + INTERVAL '1' MONTH, DATE '2015-09-12',"
                + " TIME_SHIFT(TIMESTAMP '2015-09-12 00:00:00', 'P1M', -1)",
            "2015-09-12T02:00:00.000Z|1530|2015-02-28|2015-09-12|2015-08-12"),
        is(
            "SELECT TIMESTAMPDIFF(MONTH, TIMESTAMP '2020-01-31 00:00:00', TIMESTAMP '2020-03-30"
                + " 00:00:00'), TIMESTAMPDIFF(YEAR, TIMESTAMP '2020-03-30 00:00:00', TIMESTAMP"
                + " '2018-03-30 00:00:00')",
            "1|-2"),
        is(
            "SELECT TIME_FORMAT(MIN(__time), 'yyyy-MM-dd HH', 'Europe/Berlin') FROM sales",
            "2020-01-01 01"),
        is(
            "SELECT COUNT(*) FROM sales WHERE __time >= CURRENT_TIMESTAMP - INTERVAL '100' YEAR",
            "8"),
        is("SELECT COUNT(*) FROM sales WHERE TIME_IN_INTERVAL(__time, '2020-01-01/P1D')", "5"),
        // Text, and several values.
        is(
            "SELECT SUBSTRING('hello', 2, 3), SUBSTRING('hello' FROM 4), LEFT('abc', 2),"
                + " STRPOS('abc', 'c'), POSITION('z' IN 'abc'), LPAD('7', 3, '0'), REVERSE('abc'),"
                + " TRIM('  a '), BTRIM('xax', 'x')",
            "ell|lo|ab|3|0|007|cba|a|a"),
        is(
            "SELECT CONCAT('a', NULL), COALESCE(NULL, 'b'), NVL(NULL, 'c'), NULLIF('a', 'a'),"
                + " CHAR_LENGTH('日本')",
            "null|b|c|null|2"),
        is(
            "SELECT REGEXP_EXTRACT('foo123', '([0-9]+)', 1), REGEXP_LIKE('abc', '^a'),"
                + " REGEXP_REPLACE('aXb', 'X', '-')",
            "123|true|a-b"),
        is(
            "SELECT MV_TO_STRING(tags, '|') FROM sales WHERE MV_CONTAINS(tags, 'b') ORDER BY"
                + " __time",
            "a|b",
            "b|c"),
        is("SELECT MV_LENGTH(tags) FROM sales WHERE qty = 1", "2"),
        is(
            "SELECT LOOKUP(city, 'names') AS n, COUNT(*) FROM sales WHERE city > 'A' GROUP BY 1"
                + " ORDER BY 2 DESC, 1",
            "ULM!|3",
            "BN|2",
            "null|1"),
        is("SELECT ARRAY[1, 2, 3], ARRAY_CONTAINS(ARRAY['a', 'b'], 'a')", "[1,2,3]|true"),
        is(
            "SELECT ABS(-3), CEIL(2.1), FLOOR(-2.1), ROUND(2.345, 2), ROUND(15, -1), TRUNCATE(2.99,"
                + " 1), POWER(2, 10), SAFE_DIVIDE(1, 0), GREATEST(1, 3, 2)",
            "3|3.0|-3.0|2.35|20|2.9|1024.0|null|3"),
        // Above native queries.
        is("SELECT COUNT(*) FROM (SELECT city FROM sales GROUP BY city)", "5"),
        is("SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY city)", "3"),
        is(
            "SELECT COUNT(*) AS n FROM (SELECT city, COUNT(*) FROM sales GROUP BY city ORDER BY 2"
                + " DESC LIMIT 3)",
            "3"),
        is(
            "WITH t AS (SELECT city, SUM(qty) AS s FROM sales GROUP BY 1) SELECT city, s FROM t"
                + " WHERE s > 5 ORDER BY s",
            "Bonn|9",
            "Ulm|10"),
        is(
            "SELECT h, SUM(n) FROM (SELECT FLOOR(__time TO HOUR) AS h, city, COUNT(*) AS n FROM"
                + " sales GROUP BY 1, 2) AS v WHERE h >= '2020-01-01 00:00:00.000000' AND h <"
                + " '2020-01-01 02:00:00' GROUP BY h ORDER BY 2 DESC, 1",
            "2020-01-01|2",
            "2020-01-01T01:00:00.000Z|2"),
        is(
            "SELECT s.city, c.country, SUM(s.qty) AS q FROM sales s JOIN cities c ON s.city ="
                + " c.city GROUP BY 1, 2 ORDER BY q",
            "Bonn|de|9",
            "Ulm|de|10"),
        is(
            "SELECT s.qty, c.country FROM sales s LEFT JOIN cities c ON s.city = c.city WHERE s.qty"
                + " > 2 ORDER BY s.qty",
            "3|de",
            "4|null",
            "6|de",
            "7|de"),
        is(
            "SELECT c.city, s.qty FROM sales s RIGHT JOIN cities c ON s.city = c.city ORDER BY 1,"
                + " 2",
            "Bonn|3",
            "Bonn|6",
            "Lyon|null",
            "Ulm|1",
            "Ulm|2",
            "Ulm|7"),
        is("SELECT COUNT(*) FROM sales s FULL JOIN cities c ON s.city = c.city", "9"),
        is("SELECT COUNT(*) FROM sales, cities", "24"),
        is(
            "SELECT a.qty, b.qty FROM sales a JOIN sales b ON a.qty < b.qty WHERE a.qty > 3 ORDER"
                + " BY 1, 2",
            "4|6",
            "4|7",
            "6|7"),
        is(
            "SELECT city, qty FROM sales WHERE city IN (SELECT city FROM cities WHERE people >"
                + " 200000) ORDER BY qty",
            "Bonn|3",
            "Bonn|6"),
        is(
            "SELECT qty FROM sales WHERE city NOT IN (SELECT city FROM cities) ORDER BY qty",
            "null",
            "-5"),
        is(
            "SELECT city FROM cities c WHERE EXISTS (SELECT 1 FROM sales s WHERE s.city = c.city)"
                + " ORDER BY 1",
            "Bonn",
            "Ulm"),
        is(
            "SELECT city, people FROM cities WHERE people = (SELECT MAX(people) FROM cities)",
            "Lyon|522000"),
        is(
            "SELECT qty FROM sales WHERE qty > (SELECT AVG(qty) FROM sales) ORDER BY 1",
            "3",
            "4",
            "6",
            "7"),
        is(
            "SELECT c.city, (SELECT SUM(s.qty) FROM sales s WHERE s.city = c.city) FROM cities c"
                + " ORDER BY 1",
            "Bonn|9",
            "Lyon|null",
            "Ulm|10"),
        is(
            "SELECT 'a' AS k, COUNT(*) FROM sales WHERE qty > 3 UNION ALL SELECT 'b', COUNT(*) FROM"
                + " sales WHERE qty <= 3",
            "a|3",
            "b|4"),
        is(
            "SELECT SUM(n) FROM (SELECT COUNT(*) AS n FROM sales UNION ALL SELECT COUNT(*) FROM"
                + " cities)",
            "11"),
        is(
            "SELECT city FROM sales WHERE qty > 5 UNION SELECT city FROM cities ORDER BY 1",
            "Bonn",
            "Lyon",
            "Ulm"),
        is("SELECT city FROM sales INTERSECT SELECT city FROM cities ORDER BY 1", "Bonn", "Ulm"),
        is("SELECT city FROM cities EXCEPT SELECT city FROM sales", "Lyon"),
        is(
            "SELECT k.v, COUNT(*) FROM sales s JOIN lookup.names k ON s.city = k.k GROUP BY 1 ORDER"
                + " BY 2",
            "BN|2",
            "ULM!|3"),
        is(
            "SELECT city, n, ROW_NUMBER() OVER (ORDER BY n DESC) AS rn, SUM(n) OVER (ORDER BY n"
                + " DESC ROWS UNBOUNDED PRECEDING) AS c, LAG(n, 1) OVER (ORDER BY n DESC) AS b FROM"
                + " (SELECT city, COUNT(*) AS n FROM sales WHERE city > 'A' GROUP BY city) ORDER BY"
                + " n DESC",
            "Ulm|3|1|3|null",
            "Bonn|2|2|5|3",
            "Köln|1|3|6|2"),
        is(
            "SELECT city, qty, RANK() OVER (PARTITION BY city ORDER BY qty DESC) AS r, AVG(qty)"
                + " OVER (PARTITION BY city) AS a FROM sales WHERE city IN ('Ulm', 'Bonn') ORDER BY"
                + " city, r",
            "Bonn|6|1|4.5",
            "Bonn|3|2|4.5",
            "Ulm|7|1|3.3333333333333335",
            "Ulm|2|2|3.3333333333333335",
            "Ulm|1|3|3.3333333333333335"),
        is(
            "SELECT city, SUM(qty) AS s, RANK() OVER (ORDER BY SUM(qty) DESC) AS r FROM sales WHERE"
                + " city > 'A' AND qty IS NOT NULL GROUP BY city ORDER BY r",
            "Ulm|10|1",
            "Bonn|9|2"),
        is(
            "SELECT name, is_open FROM sys.shops WHERE size > 2 ORDER BY size DESC",
            "b|false",
            "a|true"),
        is("SELECT COUNT(*) > 0 AS e FROM sys.shops WHERE name = 'z'", "false"),
        is(
            "SELECT is_open, SUM(size) FROM sys.shops GROUP BY is_open ORDER BY 1",
            "null|null",
            "false|5",
            "true|3"));
  }

  @ParameterizedTest
  @MethodSource("statements")
  void aStatementGivesItsRows(String sql, List<String> rows) {
    assertThat(rig.query(sql)).isEqualTo(rows);
  }

  @Test
  void distinctValuesAreCountedExactlyIfAskedFor() {
    Map<String, Object> exact = Map.of("useApproximateCountDistinct", false);
    assertThat(
            rig.query(
                "SELECT COUNT(DISTINCT city), COUNT(DISTINCT qty), COUNT(*), SUM(qty) FROM sales",
                exact,
                List.of()))
        .containsExactly("4|7|8|18");
    assertThat(
            rig.query(
                "SELECT city, COUNT(DISTINCT qty) AS n FROM sales GROUP BY city HAVING"
                    + " COUNT(DISTINCT qty) > 1 ORDER BY 1",
                exact,
                List.of()))
        .containsExactly("Bonn|2", "Ulm|3");
  }

  @Test
  void timesAreThoseOfTheSessionsZone() {
    Map<String, Object> tokyo = Map.of("sqlTimeZone", "Asia/Tokyo");
    assertThat(
            rig.query(
                "SELECT FLOOR(__time TO DAY) AS d, COUNT(*) FROM sales WHERE __time >= '2020-01-01"
                    + " 09:00:00' AND __time < '2020-01-03' GROUP BY 1 ORDER BY 1",
                tokyo,
                List.of()))
        .containsExactly("2019-12-31T15:00:00.000Z|5", "2020-01-01T15:00:00.000Z|1");
  }

  @Test
  void parametersStandForValues() {
    assertThat(
            rig.query(
                "SELECT qty FROM sales WHERE city = ? AND qty >= ? AND __time < ? ORDER BY qty",
                Map.of(),
                List.of(
                    new SqlParameter("VARCHAR", "Ulm"),
                    new SqlParameter("BIGINT", 2),
                    new SqlParameter("TIMESTAMP", "2020-02-01 00:00:00"))))
        .containsExactly("2");
    SqlStatement prepared =
        rig.engine.prepare(
            new SqlRequest(
                "SELECT qty, city FROM sales WHERE city = ? AND qty > ?",
                List.of(),
                Map.of(),
                "p"));
    assertThat(prepared.parameters())
        .extracting(SqlColumn::sqlType)
        .containsExactly("VARCHAR", "BIGINT");
    assertThat(prepared.columns()).extracting(SqlColumn::name).containsExactly("qty", "city");
    assertThatThrownBy(() -> prepared.run(List.of(new SqlParameter("VARCHAR", "x"))))
        .hasMessageContaining("? with number 2, but 1 parameters");
    assertThatThrownBy(
            () ->
                prepared.run(
                    List.of(new SqlParameter("VARCHAR", "x"), new SqlParameter("BIGINT", "abc"))))
        .hasMessageContaining("parameter 2 is 'abc', which is no BIGINT");
  }

  @Test
  void theQueryIsTheOneThatAnswersFastest() {
    assertThat(rig.plan("SELECT COUNT(*) FROM sales")).contains("\"queryType\":\"timeseries\"");
    assertThat(
            rig.plan(
                "SELECT FLOOR(__time TO HOUR) AS t, COUNT(*) FROM sales GROUP BY 1 ORDER BY 1"
                    + " DESC"))
        .contains("\"queryType\":\"timeseries\"", "\"descending\":true", "PT1H");
    assertThat(rig.plan("SELECT city, COUNT(*) FROM sales GROUP BY city ORDER BY 2 DESC LIMIT 5"))
        .contains("\"queryType\":\"topN\"", "\"threshold\":5");
    assertThat(rig.plan("SELECT city, qty, COUNT(*) FROM sales GROUP BY city, qty"))
        .contains("\"queryType\":\"groupBy\"");
    assertThat(
            rig.plan(
                "SELECT qty FROM sales WHERE __time >= '2020-01-02' AND city = 'Ulm' ORDER BY"
                    + " __time"))
        .contains(
            "\"queryType\":\"scan\"",
            "2020-01-02T00:00:00.000Z/",
            "\"type\":\"equals\"",
            "\"order\":\"ascending\"")
        .doesNotContain("above");
    assertThat(rig.query("EXPLAIN PLAN FOR SELECT COUNT(*) AS n FROM sales").get(0))
        .contains("\"columnMappings\":[{\"queryColumn\":\"a0\",\"outputColumn\":\"n\"}]")
        .endsWith("[{\"name\":\"sales\",\"type\":\"DATASOURCE\"}]|{\"statementType\":\"SELECT\"}");
  }

  private static void refused(String sql, ErrorCode code, String... parts) {
    assertThatThrownBy(() -> rig.query(sql))
        .isInstanceOfSatisfying(StarfireException.class, e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void anErrorSaysWhereItIsAndWhatMayBeMeant() {
    refused(
        "SELECT citty FROM sales",
        ErrorCode.INVALID_INPUT,
        "Column 'citty' not found in any table; did you mean city? (line [1], column [8])");
    refused(
        "SELECT 1 FROM sale",
        ErrorCode.INVALID_INPUT,
        "Object 'sale' not found",
        "did you mean sales?");
    refused(
        "SELECT TIME_FLOR(__time, 'P1D') FROM sales",
        ErrorCode.INVALID_INPUT,
        "No match found for function signature TIME_FLOR",
        "did you mean TIME_FLOOR?");
    refused(
        "SELECT city FROM sales s, cities c",
        ErrorCode.INVALID_INPUT,
        "Column 'city' is ambiguous");
    refused("SELEC 1", ErrorCode.INVALID_INPUT, "Non-query expression");
    refused("", ErrorCode.INVALID_INPUT, "the statement is empty");
    refused("SELECT 1 /* never", ErrorCode.INVALID_INPUT, "does not end");
    refused(
        "SELECT 1 FROM sales WHERE __time > 'yesterday'",
        ErrorCode.INVALID_INPUT,
        "'yesterday' is not a timestamp");
    refused(
        "SELECT TIME_FLOOR(__time, 'P1D', NULL, 'Nowhere') FROM sales",
        ErrorCode.INVALID_INPUT,
        "'Nowhere' is not a time zone");
    refused("SELECT 1; SELECT 2", ErrorCode.INVALID_INPUT, "one statement");
    refused("INSERT INTO sales SELECT * FROM sales", ErrorCode.INVALID_INPUT, "INSERT");
    refused("SELECT (SELECT qty FROM sales)", ErrorCode.INVALID_INPUT, "more than one row");
    assertThatThrownBy(() -> rig.query("SELECT 1", Map.of("sqlTimeZone", "Mars"), List.of()))
        .hasMessageContaining("'Mars' is not a time zone");
    assertThatThrownBy(() -> rig.query("SELECT\n nosuch FROM sales"))
        .isInstanceOfSatisfying(
            SqlException.class,
            e ->
                assertThat(List.of(e.line(), e.column(), e.endLine(), e.endColumn()))
                    .containsExactly(2, 2, 2, 7));
  }

  @Test
  void whatIsTooLargeIsRefusedOrAnswered() {
    String deep = "(".repeat(20_000) + "1" + ")".repeat(20_000);
    assertThatThrownBy(() -> rig.query("SELECT " + deep)).isInstanceOf(StarfireException.class);
    StringBuilder in = new StringBuilder("SELECT COUNT(*) FROM sales WHERE qty IN (1");
    for (int i = 2; i < 5_000; i++) {
      in.append(", ").append(i);
    }
    assertThat(rig.query(in + ")")).containsExactly("6");
    assertThat(rig.query("SELECT '" + "x".repeat(1 << 20) + "' AS x")).hasSize(1);
    String columns = String.join(", ", java.util.Collections.nCopies(500, "qty"));
    assertThat(rig.query("SELECT " + columns + " FROM sales LIMIT 1")).hasSize(1);
    String many = String.join(", ", java.util.Collections.nCopies(10_000, "qty"));
    refused(
        "SELECT " + many + " FROM sales", ErrorCode.CAPACITY_EXCEEDED, "10,000 outputs", "3,000");
    refused(
        "SELECT 1 FROM sales" + " JOIN cities ON 1 = 1".repeat(1_000),
        ErrorCode.CAPACITY_EXCEEDED,
        "at most 100");
  }

  @Test
  void columnsHaveTheirTypes() {
    SqlStatement statement =
        rig.engine.prepare(
            new SqlRequest(
                "SELECT __time, city, qty, price, 1, 'a', qty > 1, COUNT(*) FROM sales GROUP BY 1,"
                    + " 2, 3, 4",
                List.of(),
                Map.of(),
                "t"));
    assertThat(statement.columns())
        .extracting(SqlColumn::name)
        .containsExactly("__time", "city", "qty", "price", "EXPR$4", "EXPR$5", "EXPR$6", "EXPR$7");
    assertThat(statement.columns())
        .extracting(
            column -> column.sqlType() + " " + column.nativeType() + " " + column.jdbcType())
        .isEqualTo(
            Arrays.asList(
                "TIMESTAMP LONG 93",
                "VARCHAR STRING 12",
                "BIGINT LONG -5",
                "DOUBLE DOUBLE 8",
                "INTEGER LONG 4",
                "CHAR STRING 1",
                "BOOLEAN LONG 16",
                "BIGINT LONG -5"));
    assertThat(statement.columns().get(0).nullable()).isFalse();
    assertThat(statement.columns().get(1).nullable()).isTrue();
    assertThat(statement.dataSources()).containsExactly("sales");
  }
}
