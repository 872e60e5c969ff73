package io.starfire.serving.server;

import static io.starfire.serving.SegmentFiles.hour;
import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Druid's pages that clients and people read, with what is stored and shows. */
class DruidPagesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String COORDINATOR = "/druid/coordinator/v1";
  private static final String INDEXER = "/druid/indexer/v1";

  @TempDir static Path directory;
  private static AdsServer server;
  private static String first;
  private static String second;
  private static String held;

  @BeforeAll
  static void start() {
    server = new AdsServer(directory);
    first = server.publish(hours(10, 12), 5);
    second = server.publish(hours(11, 12), 6);
    held = server.stage(hours(12, 13), 7, true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> texts(JsonNode list) {
    return JSON.convertValue(
        list, JSON.getTypeFactory().constructCollectionType(List.class, String.class));
  }

  @Test
  void theStatusHasWhatGrafanaAndMetabaseAskFor() {
    JsonNode status = server.get("/status");
    assertThat(status.path("version").asText()).isNotEmpty();
    assertThat(status.path("modules").isArray()).isTrue();
    assertThat(status.path("memory").path("maxMemory").asLong()).isPositive();
    assertThat(server.send("GET", "/status/health", null).body()).isEqualTo("true");
    assertThat(server.get("/status/selfDiscovered/status").path("selfDiscovered").asBoolean())
        .isTrue();
  }

  @Test
  void aDataSourceTellsItsColumnsAndIntervals() {
    String ads = "/druid/v2/datasources/ads";
    assertThat(texts(server.get("/druid/v2/datasources"))).containsExactly("ads");
    assertThat(server.get(ads))
        .isEqualTo(
            AdsServer.tree("{\"dimensions\":[\"publisher\"],\"metrics\":[\"count\",\"clicks\"]}"));
    assertThat(texts(server.get(ads + "/dimensions"))).containsExactly("publisher");
    assertThat(texts(server.get(ads + "/metrics"))).containsExactly("count", "clicks");
    assertThat(server.get("/druid/v2/datasources/nosuch"))
        .isEqualTo(AdsServer.tree("{\"dimensions\":[],\"metrics\":[]}"));
    JsonNode full = server.get(ads + "?full&interval=" + hour(10));
    assertThat(full.properties()).hasSize(1);
    assertThat(full.path(hour(10).toString()).path("metrics")).hasSize(2);
    JsonNode candidates = server.get(ads + "/candidates?intervals=" + hours(10, 12));
    assertThat(candidates.findValuesAsText("interval"))
        .containsExactly(hour(10).toString(), hour(11).toString());
    assertThat(candidates.path(0).path("locations").path(0).path("type").asText())
        .isEqualTo("historical");
  }

  @Test
  void theCoordinatorListsWhatShowsAndNotWhatIsHidden() {
    assertThat(texts(server.get(COORDINATOR + "/datasources"))).containsExactly("ads");
    JsonNode segments = server.get(COORDINATOR + "/metadata/segments?datasources=ads");
    assertThat(segments).hasSize(2);
    JsonNode segment = segments.path(0);
    assertThat(segment.path("interval").asText()).isEqualTo(hour(10).toString());
    assertThat(segment.path("dimensions").asText()).isEqualTo("publisher");
    assertThat(segment.path("metrics").asText()).isEqualTo("count,clicks");
    assertThat(segment.path("shardSpec").path("partitions").asInt()).isEqualTo(1);
    assertThat(server.get(COORDINATOR + "/metadata/segments?datasources=nosuch")).isEmpty();
    String id = segment.path("identifier").asText();
    assertThat(texts(server.get(COORDINATOR + "/metadata/datasources/ads/segments"))).contains(id);
    assertThat(server.get(COORDINATOR + "/datasources/ads/segments/" + id)).isEqualTo(segment);

    JsonNode summary = server.get(COORDINATOR + "/datasources/ads");
    assertThat(summary.path("segments").path("count").asInt()).isEqualTo(2);
    assertThat(summary.path("segments").path("minTime").asText())
        .isEqualTo("2026-11-20T10:00:00.000Z");
    assertThat(summary.path("tiers").path("_default_tier").path("size").asLong()).isPositive();
    assertThat(server.send("GET", COORDINATOR + "/datasources/nosuch", null).statusCode())
        .isEqualTo(204);
    assertThat(texts(server.get(COORDINATOR + "/datasources/ads/intervals")))
        .containsExactly(hour(11).toString(), hour(10).toString());
    assertThat(server.get(COORDINATOR + "/loadstatus").path("ads").asDouble()).isEqualTo(100.0);
    assertThat(server.get(COORDINATOR + "/loadstatus?simple").path("ads").asInt()).isZero();
    assertThat(server.get(COORDINATOR + "/intervals").path(hour(10).toString()).path("ads"))
        .isNotEmpty();
    assertThat(server.get(COORDINATOR + "/servers?simple").path(0).path("currSize").asLong())
        .isPositive();
    assertThat(server.get(COORDINATOR + "/rules").path("_default")).hasSize(1);
    assertThat(server.send("GET", COORDINATOR + "/leader", null).body())
        .isEqualTo(server.uri("").toString());
  }

  @Test
  void publicationsAreTasks() {
    JsonNode tasks = server.get(INDEXER + "/tasks");
    assertThat(tasks.findValuesAsText("id")).containsExactly(held, second, first);
    assertThat(tasks.findValuesAsText("statusCode"))
        .containsExactly("RUNNING", "SUCCESS", "SUCCESS");
    assertThat(server.get(INDEXER + "/tasks?state=complete")).hasSize(2);
    assertThat(server.get(INDEXER + "/waitingTasks").findValuesAsText("id")).containsExactly(held);
    assertThat(server.get(INDEXER + "/runningTasks")).isEmpty();
    assertThat(
            server
                .get(INDEXER + "/task/" + first + "/status")
                .path("status")
                .path("duration")
                .asLong())
        .isNotNegative();
    assertThat(server.send("GET", INDEXER + "/task/nosuch/status", null).statusCode())
        .isEqualTo(404);
    assertThat(server.send("GET", INDEXER + "/tasks?state=odd", null).statusCode()).isEqualTo(400);
    HttpResponse<String> posted = server.send("POST", INDEXER + "/task", "{}");
    assertThat(posted.statusCode()).isEqualTo(501);
    assertThat(posted.body()).contains("bin/starfire index");
    assertThat(server.get(INDEXER + "/supervisor/history")).isEmpty();
    assertThat(server.send("GET", INDEXER + "/supervisor/nosuch/history", null).statusCode())
        .isEqualTo(404);
  }

  @Test
  void eachRouteSaysWhoMayAskIt() {
    assertThat(server.server().routes())
        .isNotEmpty()
        .allSatisfy(route -> assertThat(route.access()).as(route.toString()).isNotNull());
  }
}
