package io.starfire.serving.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Times;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random statements, answered here and by DuckDB over the same rows. */
class SqlAgainstDuckDbTest {
  private static final long SEED = 20261128;
  private static final Map<String, Object> EXACT = Map.of("useApproximateCountDistinct", false);

  @TempDir static Path directory;
  private static SqlRig rig;
  private static Connection duck;

  @BeforeAll
  static void start() throws Exception {
    rig = new SqlRig(directory, List.of());
    duck = DriverManager.getConnection("jdbc:duckdb:");
    Random random = new Random(SEED);
    List<Object[]> rows = new ArrayList<>();
    String[] cities = {"", "a", "ab", "Ulm", "Köln", "Bonn", "zz", null};
    String[] kinds = {"x", "y", null};
    for (long id = 0; id < 120; id++) {
      rows.add(
          new Object[] {
            Times.format(Times.parse("2020-01-01T00:00:00Z") + id * 6_900_000L),
            id,
            cities[random.nextInt(cities.length)],
            kinds[random.nextInt(kinds.length)],
            random.nextInt(6) == 0 ? null : (Long) (long) (random.nextInt(25) - 8),
            random.nextInt(6) == 0 ? null : (Double) (random.nextInt(80) / 4.0 - 5)
          });
    }
    table("t", List.of("id LONG", "city STRING", "kind STRING", "qty LONG", "price DOUBLE"), rows);
    List<Object[]> few = new ArrayList<>();
    for (String city : new String[] {"Ulm", "Ulm", "Bonn", "Lyon", "", null}) {
      few.add(new Object[] {"2020-01-01T00:00:00.000Z", city, (long) few.size()});
    }
    table("u", List.of("city STRING", "size LONG"), few);
  }

  private static void table(String name, List<String> columns, List<Object[]> rows)
      throws SQLException {
    rig.table(name, columns, rows);
    String typed =
        String.join(", ", columns).replace("LONG", "BIGINT").replace("STRING", "VARCHAR");
    try (Statement statement = duck.createStatement()) {
      statement.execute("CREATE TABLE " + name + " (__time TIMESTAMP, " + typed + ")");
    }
    String places = "?" + ", ?".repeat(columns.size());
    try (PreparedStatement insert =
        duck.prepareStatement("INSERT INTO " + name + " VALUES (" + places + ")")) {
      for (Object[] row : rows) {
        insert.setObject(1, ((String) row[0]).replace('T', ' ').replace("Z", ""));
        for (int i = 1; i < row.length; i++) {
          insert.setObject(i + 1, row[i]);
        }
        insert.executeUpdate();
      }
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    duck.close();
    rig.close();
  }

  private static String text(Object value) {
    if (value instanceof Float || value instanceof Double) {
      return String.format(Locale.ROOT, "%.9g", ((Number) value).doubleValue() + 0.0);
    }
    return String.valueOf(value);
  }

  private static List<String> ofDuck(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          values.add(text(result.getObject(i)));
        }
        rows.add(String.join("|", values));
      }
    }
    rows.sort(null);
    return rows;
  }

  private static List<String> ours(String sql) {
    List<String> rows = new ArrayList<>();
    SqlStatement statement = rig.engine.prepare(new SqlRequest(sql, List.of(), EXACT, "random"));
    try (SqlAnswer answer = statement.run(List.of())) {
      while (answer.next()) {
        List<String> values = new ArrayList<>();
        for (Object value : answer.row()) {
          values.add(text(value));
        }
        rows.add(String.join("|", values));
      }
    }
    rows.sort(null);
    return rows;
  }

  static void compare(int statements, long seed) throws SQLException {
    RandomStatements random = new RandomStatements(seed);
    for (int i = 0; i < statements; i++) {
      String sql = random.next();
      assertThat(ours(sql)).as("statement %d of seed %d: %s", i, seed, sql).isEqualTo(ofDuck(sql));
    }
  }

  @Test
  void aFewRandomStatementsHaveTheAnswersOfDuckDb() throws SQLException {
    compare(200, SEED);
  }

  @Tag("long")
  @Test
  void manyRandomStatementsHaveTheAnswersOfDuckDb() throws SQLException {
    compare(3_000, SEED + 1);
  }
}
