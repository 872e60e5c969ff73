package io.starfire.serving.jdbc;

import static io.starfire.serving.ScriptedSql.bigint;
import static io.starfire.serving.ScriptedSql.other;
import static io.starfire.serving.ScriptedSql.varchar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.serving.ScriptedSql;
import io.starfire.serving.http.AvaticaRoutes;
import io.starfire.serving.http.HttpServer;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.sql.SqlParameter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.avatica.Meta.Pat;
import org.apache.calcite.avatica.remote.Driver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real driver of Avatica over real HTTP. What a statement answers is scripted. */
class JdbcTest {
  private static final long TIME = Instant.parse("2015-09-12T00:46:58.771Z").toEpochMilli();
  private static final int MANY = 12_000;
  private static final ScriptedSql SQL =
      new ScriptedSql()
          .answer(
              "types",
              List.of(
                  varchar("s"),
                  bigint("n"),
                  other("t", "TIMESTAMP", Types.TIMESTAMP, "LONG"),
                  other("d", "DATE", Types.DATE, "LONG"),
                  other("x", "DOUBLE", Types.DOUBLE, "DOUBLE"),
                  other("b", "BOOLEAN", Types.BOOLEAN, "LONG"),
                  other("a", "ARRAY", Types.ARRAY, "ARRAY<STRING>"),
                  other("k", "OTHER", Types.OTHER, "COMPLEX<HLLSketch>")),
              new Object[] {
                "a", 9007199254740993L, TIME, TIME, 1.5, true, List.of("x", "y"), new byte[] {1}
              },
              new Object[8])
          .answer("many", List.of(bigint("n")), List.of(), MANY, at -> new Object[] {(long) at})
          .answer(
              "with parameters",
              List.of(bigint("n")),
              List.of(
                  varchar("?0"), bigint("?1"), other("?2", "TIMESTAMP", Types.TIMESTAMP, "LONG")),
              1,
              at -> new Object[] {1L});
  private static final AtomicLong NOW = new AtomicLong(TIME);
  private static final JdbcSettings SETTINGS =
      new JdbcSettings(3, 20, Duration.ofMinutes(30), Duration.ofMinutes(5));
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static JdbcConnections connections;
  private static HttpServer server;

  @BeforeAll
  static void start() {
    connections = JdbcConnections.withoutThread(SETTINGS, () -> Instant.ofEpochMilli(NOW.get()));
    server =
        HttpServer.start(
            "127.0.0.1",
            0,
            List.of(
                new AvaticaRoutes(
                    SQL,
                    connections,
                    new Inventory.Place("127.0.0.1", () -> 0, 0, 0, false),
                    100_000)));
  }

  @AfterAll
  static void stop() {
    server.close();
    connections.close();
  }

  private static Connection connect(String serialization, Properties properties)
      throws SQLException {
    String path = serialization.equals("json") ? "avatica/" : "avatica-protobuf/";
    return new Driver()
        .connect(
            "jdbc:avatica:remote:url=http://127.0.0.1:%d/druid/v2/sql/%s;serialization=%s"
                .formatted(server.port(), path, serialization),
            properties);
  }

  private static Connection connect() throws SQLException {
    return connect("json", new Properties());
  }

  private static Calendar utc() {
    return new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void valuesOfAllTypesArrive(String serialization) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("sqlTimeZone", "America/Los_Angeles");
    properties.setProperty("user", "somebody");
    properties.setProperty("password", "secret");
    try (Connection connection = connect(serialization, properties);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("types")) {
      assertThat(rows.getMetaData().getColumnType(4)).isEqualTo(Types.DATE);
      assertThat(rows.getMetaData().getColumnTypeName(8)).isEqualTo("COMPLEX<HLLSketch>");
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("a");
      assertThat(rows.getLong(2)).isEqualTo(9007199254740993L);
      assertThat(rows.getTimestamp(3, utc()).toInstant())
          .as("what a clock in Los Angeles showed")
          .isEqualTo(Instant.parse("2015-09-11T17:46:58.771Z"));
      assertThat(rows.getString(4)).isEqualTo("2015-09-11");
      assertThat(rows.getDouble(5)).isEqualTo(1.5);
      assertThat(rows.getBoolean(6)).isTrue();
      assertThat((Object[]) rows.getArray(7).getArray()).containsExactly("x", "y");
      assertThat(rows.getObject(8)).isEqualTo("\"AQ==\"");
      assertThat(rows.next()).isTrue();
      for (int i = 1; i <= 8; i++) {
        assertThat(rows.getObject(i)).as("column " + i).isNull();
      }
      assertThat(rows.next()).isFalse();
    }
    var asked = SQL.asked().get(SQL.asked().size() - 1).context();
    assertThat(asked)
        .containsEntry("sqlTimeZone", "America/Los_Angeles")
        .containsEntry("sqlStringifyArrays", false)
        .doesNotContainKeys("user", "password");
    assertThat(SQL.open()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void manyRowsComeInFramesAndMaxRowsCounts(String serialization) throws SQLException {
    try (Connection connection = connect(serialization, new Properties());
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(1_000);
      List<Long> read = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery("many")) {
        while (rows.next()) {
          read.add(rows.getLong(1));
        }
      }
      assertThat(read).hasSize(MANY).startsWith(0L, 1L).endsWith(MANY - 1L);
      statement.setMaxRows(7);
      try (ResultSet rows = statement.executeQuery("many")) {
        for (int i = 0; i < 7; i++) {
          assertThat(rows.next()).isTrue();
        }
        assertThat(rows.next()).isFalse();
      }
    }
    assertThat(SQL.open()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void aPreparedStatementRunsWithOtherParameters(String serialization) throws SQLException {
    try (Connection connection = connect(serialization, new Properties());
        PreparedStatement statement = connection.prepareStatement("with parameters")) {
      assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(3);
      assertThat(statement.getParameterMetaData().getParameterType(3)).isEqualTo(Types.TIMESTAMP);
      for (int run = 0; run < 2; run++) {
        statement.setString(1, "Japan");
        statement.setInt(2, run);
        statement.setTimestamp(3, new java.sql.Timestamp(TIME), utc());
        try (ResultSet rows = statement.executeQuery()) {
          assertThat(rows.next()).isTrue();
        }
        assertThat(SQL.given().get(SQL.given().size() - 1))
            .containsExactly(
                new SqlParameter("VARCHAR", "Japan"),
                new SqlParameter("BIGINT", (long) run),
                new SqlParameter("TIMESTAMP", "2015-09-12 00:46:58.771"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void patternsOfMetadataAreAskedAsTheyStandAndShownAsDruidShowsThem(String serialization)
      throws SQLException {
    String tables =
        MetadataQueries.tables("druid", Pat.of("dr%"), Pat.of("a\\_d's"), List.of()).run();
    assertThat(tables)
        .contains("TABLES.TABLE_CATALOG = 'druid'")
        .contains("TABLES.TABLE_SCHEMA LIKE 'dr%' ESCAPE '\\'")
        .contains("TABLES.TABLE_NAME LIKE 'a\\_d''s' ESCAPE '\\'");
    assertThat(MetadataQueries.tables(null, Pat.of("dr%"), Pat.of(null), null).shown())
        .contains("\nWHERE TABLES.TABLE_SCHEMA LIKE U&'dr\\0025' ESCAPE '\\'\nORDER BY");
    SQL.answer(tables, List.of(varchar("TABLE_NAME")), new Object[] {"a_d's"});
    try (Connection connection = connect(serialization, new Properties());
        ResultSet rows = connection.getMetaData().getTables("druid", "dr%", "a\\_d's", null)) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString("TABLE_NAME")).isEqualTo("a_d's");
    }
  }

  @Test
  void whatIsWrongIsSaidInASentenceAndNothingElse() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("nosuch"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("no script for nosuch");
      assertThat(connection.isClosed()).isFalse();
      try (ResultSet rows = connection.getMetaData().getTypeInfo()) {
        List<Integer> types = new ArrayList<>();
        while (rows.next()) {
          types.add(rows.getInt("DATA_TYPE"));
        }
        assertThat(types).isSorted().contains(Types.BIGINT, Types.VARCHAR, Types.TIMESTAMP);
      }
      connection.commit();
    }
  }

  @Test
  void forgottenStatementsAndConnectionsAreClosedAfterTheirTime() throws Exception {
    try (Connection connection = connect();
        Statement forgotten = connection.createStatement();
        Statement used = connection.createStatement()) {
      ResultSet rows = forgotten.executeQuery("many");
      assertThat(rows.next()).isTrue();
      assertThat(SQL.open()).isEqualTo(1);
      pass(Duration.ofMinutes(4));
      assertThat(SQL.open()).isEqualTo(1);
      try (ResultSet others = used.executeQuery("types")) {
        assertThat(others.next()).isTrue();
      }
      pass(Duration.ofMinutes(1));
      assertThat(SQL.open()).as("its rows are let go").isZero();
      assertThatThrownBy(
              () -> {
                while (rows.next()) {
                  assertThat(rows.getLong(1)).isNotNegative();
                }
              })
          .hasMessageContaining("statement-idle");
      try (ResultSet again = forgotten.executeQuery("types")) {
        assertThat(again.next()).as("the driver makes the statement again").isTrue();
      }
    }
    assertThat(post("{'request':'openConnection','connectionId':'f','info':{}}").statusCode())
        .isEqualTo(200);
    pass(Duration.ofMinutes(29));
    assertThat(connections.open()).isEqualTo(1);
    pass(Duration.ofMinutes(1));
    assertThat(connections.open()).isZero();
  }

  private static void pass(Duration time) {
    NOW.addAndGet(time.toMillis());
    connections.closeIdle();
  }

  @Test
  void manyStatementsMayBeOpenUpToALimit() throws SQLException {
    List<Statement> open = new ArrayList<>();
    try (Connection connection = connect()) {
      for (int i = 0; i < 20; i++) {
        open.add(connection.createStatement());
      }
      assertThat(open).hasSize(20).doesNotContainNull();
      assertThatThrownBy(connection::createStatement).hasMessageContaining("max-statements");
    }
    try (Connection one = connect();
        Connection two = connect();
        Connection three = connect()) {
      assertThatThrownBy(
              () -> {
                try (Connection four = connect()) {
                  assertThat(four.isValid(1)).isTrue();
                }
              })
          .hasMessageContaining("max-connections");
      assertThat(List.of(one, two, three)).doesNotHaveDuplicates();
    }
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/druid/v2/sql/avatica/"))
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void requestsOutOfOrderAndUnreadableOnesAreRefused() throws Exception {
    HttpResponse<String> unreadable = post("SELECT 1");
    assertThat(unreadable.statusCode()).as(unreadable.body()).isEqualTo(400);
    assertThat(unreadable.body()).contains("no request of Avatica in JSON").doesNotContain("\\tat");

    HttpResponse<String> unknown = post("{'request':'createStatement','connectionId':'nobody'}");
    assertThat(unknown.statusCode()).isEqualTo(500);
    assertThat(unknown.body())
        .contains("\"exceptions\":[\"org.apache.calcite.avatica.NoSuchConnectionException")
        .contains("\"sqlState\":\"00000\"");

    assertThat(post("{'request':'openConnection','connectionId':'c','info':{}}").statusCode())
        .isEqualTo(200);
    assertThat(post("{'request':'openConnection','connectionId':'c','info':{}}").body())
        .contains("open already");
    assertThat(fetch(9, 0).body()).contains("has no statement 9");
    assertThat(post("{'request':'createStatement','connectionId':'c'}").body())
        .contains("\"statementId\":1");
    assertThat(fetch(1, 0).body()).contains("was not executed");
    assertThat(
            post("{'request':'prepareAndExecute','connectionId':'c','statementId':1,'sql':'many','maxRowsInFirstFrame':-1,'maxRowCount':-1}")
                .body())
        .contains("\"missingStatement\":false")
        .contains("[4999]")
        .doesNotContain("[5000]");
    assertThat(fetch(1, 100).body()).contains("the next row is 5000");
    assertThat(fetch(1, 5_000).body()).contains("\"offset\":5000").contains("[5099]");
    assertThat(fetch(1, 5_000).body()).contains("rows can be fetched once");
    assertThat(
            post("{'request':'prepareAndExecute','connectionId':'c','statementId':7,'sql':'many','maxRowsInFirstFrame':-1,'maxRowCount':-1}")
                .body())
        .contains("\"missingStatement\":true");
    assertThat(
            post("{'request':'prepareAndExecuteBatch','connectionId':'c','statementId':1,'sqlCommands':['many']}")
                .body())
        .contains("Batch statements are not supported");
    assertThat(post("{'request':'closeConnection','connectionId':'c'}").statusCode())
        .isEqualTo(200);
    assertThat(post("{'request':'closeConnection','connectionId':'c'}").statusCode())
        .isEqualTo(200);
    assertThat(post("{'request':'closeStatement','connectionId':'c','statementId':1}").statusCode())
        .isEqualTo(200);
    assertThat(SQL.open()).isZero();
  }

  private static HttpResponse<String> fetch(int statement, int offset) throws Exception {
    return post(
        "{'request':'fetch','connectionId':'c','statementId':%d,'offset':%d,'fetchMaxRowCount':100}"
            .formatted(statement, offset));
  }
}
