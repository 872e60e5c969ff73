package io.starfire.serving.server;

import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of SQL that say what the server has, asked over HTTP. */
class SystemTablesTest {
  @TempDir static Path directory;
  private static AdsServer server;
  private static String first;
  private static String held;

  @BeforeAll
  static void start() {
    server = new AdsServer(directory);
    first = server.publish(hours(10, 12), 5);
    String unused = server.publish(hours(11, 12), 6);
    held = server.stage(hours(12, 13), 7, true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode sql(String query) {
    return server.json("POST", "/druid/v2/sql", Map.of("query", query), 200);
  }

  @Test
  void theInformationSchemaDescribesDataSourcesAndItself() {
    assertThat(
            sql("SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA")
                .findValuesAsText("SCHEMA_NAME"))
        .contains("druid", "INFORMATION_SCHEMA", "lookup", "sys", "view", "starfire");
    assertThat(sql("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'druid'"))
        .isEqualTo(AdsServer.tree("[{\"TABLE_NAME\":\"ads\"}]"));
    assertThat(
            sql(
                "SELECT COUNT(*) > 0 AS exists_ FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME ="
                    + " 'nosuch'"))
        .isEqualTo(AdsServer.tree("[{\"exists_\":false}]"));
    JsonNode columns =
        sql(
            "SELECT COLUMN_NAME, JDBC_TYPE, IS_NULLABLE, COLUMN_DEFAULT, DATA_TYPE FROM"
                + " INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'ads' ORDER BY ORDINAL_POSITION");
    assertThat(columns.findValuesAsText("COLUMN_NAME"))
        .containsExactly("__time", "publisher", "count", "clicks");
    assertThat(columns.findValuesAsText("JDBC_TYPE")).containsExactly("93", "12", "-5", "-5");
    assertThat(columns.findValuesAsText("IS_NULLABLE")).startsWith("NO", "YES");
    assertThat(columns.path(0).path("COLUMN_DEFAULT").asText("x")).isEmpty();
    assertThat(
            sql("SELECT COUNT(*) AS n FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_NAME ="
                    + " 'TIME_FLOOR'")
                .path(0)
                .path("n")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void segmentsThatShowAreTheActiveOnes() {
    JsonNode sums =
        sql(
            "SELECT datasource, COUNT(*) FILTER (WHERE is_active = 1) AS shown, SUM(num_rows)"
                + " FILTER (WHERE is_active = 1) AS num_rows, COUNT(*) FILTER (WHERE"
                + " is_overshadowed = 1) AS hidden FROM sys.segments GROUP BY 1");
    assertThat(sums.path(0).path("datasource").asText()).isEqualTo("ads");
    assertThat(sums.path(0).path("shown").asInt()).isEqualTo(2);
    assertThat(sums.path(0).path("hidden").asInt()).isEqualTo(1);
    assertThat(sums.path(0).path("num_rows").asInt()).isPositive();
    assertThat(
            sql("SELECT s.segment_id FROM sys.segments s JOIN sys.server_segments o ON s.segment_id"
                    + " = o.segment_id WHERE s.is_active = 1 AND s.\"start\" ="
                    + " '2026-11-20T10:00:00.000Z'")
                .findValuesAsText("segment_id"))
        .hasSize(1);
  }

  @Test
  void serversTasksAndSupervisorsAreListed() {
    assertThat(sql("SELECT server_type FROM sys.servers").findValuesAsText("server_type"))
        .containsExactlyInAnyOrder("broker", "coordinator", "historical", "overlord");
    assertThat(
            sql("SELECT task_id FROM sys.tasks WHERE status = 'RUNNING'")
                .findValuesAsText("task_id"))
        .containsExactly(held);
    assertThat(sql("SELECT * FROM sys.supervisors")).isEmpty();
  }

  @Test
  void publicationsAndTheTimelineAreTables() {
    JsonNode publications =
        sql(
            "SELECT publication_id, state, is_held FROM starfire.publications ORDER BY"
                + " registered_time, publication_id");
    assertThat(publications).hasSize(3);
    assertThat(publications.findValuesAsText("publication_id")).contains(first, held);
    assertThat(publications.findValuesAsText("state"))
        .containsExactlyInAnyOrder("ACTIVE", "ACTIVE", "STAGED");
    JsonNode timeline =
        sql(
            "SELECT \"start\", kind, is_visible, num_segments FROM starfire.timeline ORDER BY"
                + " is_visible DESC, \"start\"");
    assertThat(timeline.findValuesAsText("start"))
        .containsExactly(
            "2026-11-20T10:00:00.000Z", "2026-11-20T11:00:00.000Z", "2026-11-20T11:00:00.000Z");
    assertThat(timeline.findValuesAsText("is_visible")).containsExactly("1", "1", "0");
    assertThat(sql("SELECT * FROM starfire.pipelines")).isEmpty();
    assertThat(sql("SELECT * FROM starfire.dead_letters")).isEmpty();
  }
}
