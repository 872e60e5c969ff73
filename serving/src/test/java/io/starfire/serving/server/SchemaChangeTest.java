package io.starfire.serving.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DataSourceSchemas;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.SharedKafka;
import io.starfire.serving.Waiting;
import io.starfire.serving.realtime.RealtimeState;
import io.starfire.serving.realtime.RealtimeStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose columns change while rows of the old ones are on the topic. */
class SchemaChangeTest {
  private static final long START = Instant.parse("2015-06-01T10:00:00Z").toEpochMilli();

  /** The dimensions publisher, zip; the metrics rows, clicks, cost. */
  private static final DataSourceSchema OLD =
      schema(
          List.of(
              new DimensionSpec("publisher", ColumnType.STRING),
              new DimensionSpec("zip", ColumnType.LONG),
              new DimensionSpec("weight", ColumnType.LONG)),
          List.of(
              new MetricSpec("rows", Aggregation.COUNT),
              new MetricSpec("clicks", Aggregation.LONG_SUM),
              new MetricSpec("cost", Aggregation.LONG_SUM)));

  /** City is new, zip is gone, clicks are called taps, and weight and cost have become doubles. */
  private static final DataSourceSchema NEW =
      schema(
          List.of(
              new DimensionSpec("city", ColumnType.STRING),
              new DimensionSpec("publisher", ColumnType.STRING),
              new DimensionSpec("weight", ColumnType.DOUBLE)),
          List.of(
              new MetricSpec("cost", Aggregation.DOUBLE_SUM),
              new MetricSpec("rows", Aggregation.COUNT),
              new MetricSpec("taps", Aggregation.LONG_SUM)));

  private static final String HEALTH = "/status/health";

  @TempDir Path directory;
  private final String topic = SharedKafka.newTopic("schema-change", 1);

  private static DataSourceSchema schema(List<DimensionSpec> dimensions, List<MetricSpec> metrics) {
    return new DataSourceSchema(
        "ads", dimensions, metrics, Granularity.HOUR, Granularity.MINUTE, true);
  }

  private static byte[] oldRow(int number) {
    return DataRowCodec.of(OLD)
        .encode(
            new DataRow(
                START + number,
                new Object[] {"p" + number % 2, (long) number % 5, 1L},
                new long[] {0, 1, 2},
                null));
  }

  private static byte[] newRow(int number) {
    return DataRowCodec.of(NEW)
        .encode(
            new DataRow(
                START + number,
                new Object[] {"c" + number % 4, "p" + number % 2, number % 2 == 0 ? 1.0 : 1.5},
                new long[] {Double.doubleToRawLongBits(0.25), 0, 1},
                null));
  }

  private void register(SupervisorRig rig, DataSourceSchema schema) {
    JsonNode unused =
        rig.ok(
            "POST",
            "/starfire/v1/datasources",
            "{\"schema\":%s,\"topic\":\"%s\"}".formatted(DataSourceSchemas.toJson(schema), topic));
  }

  private static Map<String, Long> rowsBy(SupervisorRig rig, String dimension) {
    JsonNode answer =
        rig.ok(
            "POST",
            "/druid/v2",
            """
            {"queryType":"groupBy","dataSource":"ads","granularity":"all",
             "intervals":["2015/P1Y"],"dimensions":["%s"],
             "aggregations":[{"type":"longSum","name":"n","fieldName":"rows"}]}\
            """
                .formatted(dimension));
    Map<String, Long> rows = new TreeMap<>();
    answer.forEach(
        row ->
            rows.merge(
                row.path("event").path(dimension).asText(),
                row.path("event").path("n").asLong(),
                Long::sum));
    return rows;
  }

  private static RealtimeStatus status(SupervisorRig rig) {
    return rig.server().realtime().orElseThrow().status("ads");
  }

  private static void awaitRows(SupervisorRig rig, long count) {
    Waiting.await(count + " rows", () -> rig.sum("ads", "longSum", "rows") == count);
  }

  /** 500 rows of the old schema, 300 of the new one. */
  private static void checkAnswers(SupervisorRig rig) {
    assertThat(rig.sum("ads", "longSum", "rows")).isEqualTo(800);
    assertThat(rig.sum("ads", "longSum", "clicks")).isEqualTo(500);
    assertThat(rig.sum("ads", "longSum", "taps")).isEqualTo(300);
    assertThat(rig.sum("ads", "doubleSum", "cost")).isEqualTo(500 * 2 + 300 / 4);
    assertThat(rowsBy(rig, "publisher")).isEqualTo(Map.of("p0", 400L, "p1", 400L));
    assertThat(rowsBy(rig, "city"))
        .isEqualTo(Map.of("null", 500L, "c0", 75L, "c1", 75L, "c2", 75L, "c3", 75L));
    assertThat(rowsBy(rig, "zip"))
        .isEqualTo(Map.of("null", 300L, "0", 100L, "1", 100L, "2", 100L, "3", 100L, "4", 100L));
  }

  @Test
  void columnsComeAndGoWithoutLossWhileOldAndNewRowsArrive() {
    try (SupervisorRig rig = new SupervisorRig(SharedKafka.kafka(), directory)) {
      rig.startServer();
      register(rig, OLD);
      for (int i = 0; i < 200; i++) {
        rig.send(topic, 0, oldRow(i));
      }
      awaitRows(rig, 200);
      register(rig, NEW);
      // Two versions of the stream write side by side, and the server restarts in between.
      for (int i = 0; i < 150; i++) {
        rig.send(topic, 0, oldRow(i));
        rig.send(topic, 0, newRow(i));
      }
      awaitRows(rig, 500);
      rig.stopServer();
      for (int i = 150; i < 300; i++) {
        rig.send(topic, 0, oldRow(i));
        rig.send(topic, 0, newRow(i));
      }
      rig.startServer();
      awaitRows(rig, 800);
      assertThat(status(rig).rowsRejected()).isEmpty();
      checkAnswers(rig);
      rig.server().realtime().orElseThrow().requestHandOff("ads");
      Waiting.await("the commit", () -> status(rig).partitions().get(0).committed() == 800);
      checkAnswers(rig);
      rig.stopServer();
      rig.startServer();
      awaitRows(rig, 800);
      checkAnswers(rig);
      assertThat(status(rig).rowsRejected()).isEmpty();
    }
  }

  @Test
  void aPublicationWithTheSameColumnsDoesNotChangeHowRowsOfTheTopicAreRolledUp() {
    DataSourceSchema notRolledUp =
        new DataSourceSchema(
            "ads", OLD.dimensions(), OLD.metrics(), Granularity.HOUR, Granularity.NONE, false);
    try (SupervisorRig rig = new SupervisorRig(SharedKafka.kafka(), directory)) {
      rig.startServer();
      register(rig, OLD);
      publish(rig, notRolledUp);
      for (int i = 0; i < 100; i++) {
        rig.send(topic, 0, oldRow(i));
      }
      awaitRows(rig, 100);
      assertThat(rig.sum("ads", "count", "")).as("stored rows").isEqualTo(10);
      rig.stopServer();
      rig.startServer();
      awaitRows(rig, 100);
      assertThat(rig.ok("GET", "/starfire/v1/datasources", "").path(0).path("schema"))
          .as("the schema in force")
          .isEqualTo(Json.read(DataSourceSchemas.toJson(notRolledUp), JsonNode.class, "a schema"));
      assertThat(rig.sum("ads", "count", "")).as("stored rows").isEqualTo(10);
    }
  }

  /** Publishes that an hour is empty, with a schema. */
  private static void publish(SupervisorRig rig, DataSourceSchema schema) {
    Interval hour = Granularity.HOUR.bucket(Instant.parse("2015-05-01T00:00:00Z").toEpochMilli());
    VersionRequest asked = new VersionRequest("ads", List.of(hour), hour.endMillis());
    String version =
        rig.ok("POST", "/starfire/v1/versions", Json.write(asked)).path("version").asText();
    SegmentId id = new SegmentId("ads", hour, version, 0);
    PublicationRequest request =
        new PublicationRequest(
                "ads",
                List.of(hour),
                version,
                List.of(new SegmentDescriptor(id, 1, true, "", 0, 0, 0)),
                "plan",
                Map.of(),
                Map.of(),
                false,
                false)
            .withSchemas(List.of(schema));
    String publication =
        rig.call("POST", "/starfire/v1/publications", Json.write(request))
            .body()
            .path("id")
            .asText();
    Waiting.await(
        "the publication to be active",
        () ->
            rig.ok("GET", "/starfire/v1/publications/" + publication, "")
                .path("state")
                .asText()
                .equals("ACTIVE"));
  }

  @Test
  void rowsOfASchemaThatIsNotRegisteredYetAreReadOnceItIs() {
    try (SupervisorRig rig = new SupervisorRig(SharedKafka.kafka(), directory)) {
      rig.startServer();
      register(rig, OLD);
      List<byte[]> rows = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        rows.add(oldRow(i));
        rows.add(newRow(i));
      }
      rows.forEach(row -> rig.send(topic, 0, row));
      Waiting.await("the wait", () -> status(rig).state() == RealtimeState.WAITING_FOR_SCHEMA);
      assertThat(rig.sum("ads", "longSum", "rows")).isEqualTo(1);
      rig.stopServer();
      rig.startServer();
      Waiting.await("the wait", () -> status(rig).state() == RealtimeState.WAITING_FOR_SCHEMA);
      JsonNode told = rig.ok("GET", "/status", "").path("dataSources").path(0);
      assertThat(told.path("dataSource").asText()).isEqualTo("ads");
      assertThat(told.path("state").asText()).isEqualTo("WAITING_FOR_SCHEMA");
      assertThat(told.path("detail").asText()).startsWith("partition 0 waits at offset 1: ");
      assertThat(told.path("standsStillSince").asText()).endsWith("Z");
      assertThat(told.path("partitions").path(0).path("position").asLong()).isEqualTo(1);
      Waiting.await("bad health", () -> rig.call("GET", HEALTH, "").status() == 503);
      assertThat(rig.call("GET", HEALTH, "").body().path("errorMessage").asText())
          .startsWith("data source 'ads' stands still since ")
          .contains("(WAITING_FOR_SCHEMA): partition 0 waits at offset 1: ");
      register(rig, NEW);
      awaitRows(rig, 20);
      Waiting.await("good health", () -> rig.call("GET", HEALTH, "").status() == 200);
      assertThat(rig.ok("GET", "/status", "").path("dataSources").path(0).path("state").asText())
          .isEqualTo("RUNNING");
      assertThat(status(rig).rowsRejected()).isEmpty();
    }
  }
}
