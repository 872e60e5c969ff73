package io.starfire.serving.server;

import static io.starfire.serving.Waiting.await;
import static io.starfire.serving.server.SupervisorRig.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.serving.SharedKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Supervisors over HTTP, on a real broker. */
class SupervisorOnKafkaTest {
  private static final String ID = "metrics-kafka";

  private static final EmbeddedKafka kafka = SharedKafka.kafka();

  @TempDir Path directory;
  private String topic;
  private SupervisorRig rig;

  @BeforeEach
  void start(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
    kafka.createTopic(topic, 2);
    rig = new SupervisorRig(kafka, directory);
    rig.startServer();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** As in Druid's tutorial, but for the broker's port. */
  private String spec() {
    return """
    {
      "type": "kafka",
      "spec": {
        "dataSchema": {
          "dataSource": "metrics-kafka",
          "timestampSpec": {"column": "timestamp", "format": "auto"},
          "dimensionsSpec": {"dimensions": [], "dimensionExclusions": ["timestamp", "value"]},
          "metricsSpec": [
            {"name": "count", "type": "count"},
            {"name": "value_sum", "fieldName": "value", "type": "doubleSum"},
            {"name": "value_min", "fieldName": "value", "type": "doubleMin"},
            {"name": "value_max", "fieldName": "value", "type": "doubleMax"}
          ],
          "granularitySpec": {
            "type": "uniform", "segmentGranularity": "HOUR", "queryGranularity": "NONE"
          }
        },
        "ioConfig": {
          "topic": "%s",
          "inputFormat": {"type": "json"},
          "consumerProperties": {"bootstrap.servers": "%s"},
          "taskCount": 1,
          "replicas": 1,
          "taskDuration": "PT1H"
        },
        "tuningConfig": {"type": "kafka", "maxRowsPerSegment": 5000000}
      }
    }
    """
        .formatted(topic, kafka.bootstrapServers());
  }

  private static List<String> records(int from, int to) {
    List<String> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(
          """
          {"timestamp": "2015-09-12T%02d:00:00Z", "value": %d.5, "host": "h%d"}\
          """
              .formatted(i % 3, i, i % 10));
    }
    return records;
  }

  private long count() {
    return rig.sum(ID, "longSum", "count");
  }

  private void awaitCount(long expected) {
    await(expected + " rows", () -> count() == expected);
  }

  @Test
  void theTutorialSpecLoadsItsTopicUntilItIsTerminated() {
    rig.send(topic, 0, records(0, 300));
    assertThat(rig.ok("POST", ROUTE, spec()).toString()).isEqualTo("{\"id\":\"metrics-kafka\"}");
    awaitCount(300);
    assertThat(rig.sum(ID, "doubleSum", "value_sum")).isEqualTo(300 * 299 / 2 + 150);
    assertThat(rig.sum(ID, "doubleMax", "value_max")).isEqualTo(299);

    assertThat(rig.ok("GET", ROUTE, "").toString()).isEqualTo("[\"metrics-kafka\"]");
    JsonNode entry = rig.ok("GET", ROUTE + "?state=true", "").path(0);
    assertThat(entry.path("state").asText()).isEqualTo("RUNNING");
    assertThat(entry.has("spec")).isFalse();
    JsonNode full = rig.ok("GET", ROUTE + "?full", "").path(0);
    assertThat(full.path("spec").path("spec").path("ioConfig").path("topic").asText())
        .isEqualTo(topic);
    assertThat(rig.ok("GET", ROUTE + "/" + ID, "").path("type").asText()).isEqualTo("kafka");
    assertThat(rig.ok("GET", ROUTE + "/" + ID + "/health", "").path("healthy").asBoolean())
        .isTrue();
    checkStatus();

    JsonNode suspended = rig.ok("POST", ROUTE + "/" + ID + "/suspend", "");
    assertThat(suspended.path("suspended").asBoolean()).isTrue();
    await("all is handed off", () -> isCommitted(300));
    assertThat(rig.payload(ID).path("state").asText()).isEqualTo("SUSPENDED");
    rig.send(topic, 1, records(300, 400));
    assertThat(rig.call("POST", ROUTE + "/" + ID + "/suspend", "").status()).isEqualTo(400);
    rig.stopServer();
    rig.startServer();
    assertThat(rig.payload(ID).path("suspended").asBoolean()).isTrue();
    assertThat(count()).isEqualTo(300);
    rig.ok("POST", ROUTE + "/" + ID + "/resume", "");
    awaitCount(400);
    rig.stopServer();
    rig.startServer();
    awaitCount(400);

    rig.ok("POST", ROUTE + "/" + ID + "/terminate", "");
    await("it is removed", () -> rig.ok("GET", ROUTE, "").isEmpty());
    assertThat(count()).isEqualTo(400);
    rig.send(topic, 0, records(400, 450));
    rig.ok("POST", ROUTE, spec());
    awaitCount(450);
  }

  private boolean isCommitted(long offsets) {
    long sum = 0;
    for (JsonNode offset : rig.payload(ID).path("committedOffsets")) {
      sum += offset.asLong();
    }
    return sum == offsets;
  }

  private void checkStatus() {
    JsonNode status = rig.ok("GET", ROUTE + "/" + ID + "/status", "");
    assertThat(status.path("id").asText()).isEqualTo(ID);
    assertThat(status.path("generationTime").asText()).endsWith("Z");
    JsonNode payload = status.path("payload");
    assertThat(payload.path("dataSource").asText()).isEqualTo(ID);
    assertThat(payload.path("stream").asText()).isEqualTo(topic);
    assertThat(payload.path("partitions").asInt()).isEqualTo(2);
    assertThat(payload.path("state").asText()).isEqualTo("RUNNING");
    assertThat(payload.path("detailedState").asText()).isEqualTo("RUNNING");
    assertThat(payload.path("healthy").asBoolean()).isTrue();
    assertThat(payload.path("durationSeconds").asInt()).isEqualTo(3600);
    await("the lag", () -> rig.payload(ID).path("latestOffsets").path("0").asLong() == 300);
    assertThat(rig.payload(ID).path("aggregateLag").asLong(-1)).isZero();
    assertThat(payload.path("warnings").toString())
        .contains("spec.ioConfig.useEarliestOffset is not set");
  }

  @Test
  void dimensionsThatComeLaterAreNullBefore() {
    rig.ok("POST", ROUTE, spec());
    rig.send(topic, 0, records(0, 50));
    awaitCount(50);
    rig.ok("POST", ROUTE + "/" + ID + "/suspend", "");
    await("handed off", () -> isCommitted(50));
    rig.ok("POST", ROUTE + "/" + ID + "/resume", "");
    rig.send(
        topic,
        0,
        List.of(
            "{\"timestamp\": \"2015-09-12T01:00:00Z\", \"value\": 1, \"zone\": \"z\"}",
            "{\"timestamp\": \"2015-09-13T01:00:00Z\", \"value\": 1, \"host\": \"h1\", \"late\":"
                + " true}"));
    awaitCount(52);
    assertThat(groupBy("zone", "2015/P1Y")).isEqualTo("null=51 z=1");
    assertThat(groupBy("late", "2015-09-12/P1D")).as("nowhere there").isEqualTo("null=51");
    rig.stopServer();
    rig.startServer();
    awaitCount(52);
    assertThat(groupBy("late", "2015-09-12/P1D")).isEqualTo("null=51");
    assertThat(rig.ok("GET", "/starfire/v1/datasources", "").toString())
        .contains("\"host\"", "\"zone\"", "\"late\"");
  }

  private String groupBy(String dimension, String interval) {
    JsonNode rows =
        rig.ok(
            "POST",
            "/druid/v2",
            """
            {"queryType":"groupBy","dataSource":"metrics-kafka","granularity":"all",
             "dimensions":["%s"],"intervals":["%s"],
             "aggregations":[{"type":"longSum","name":"n","fieldName":"count"}]}\
            """
                .formatted(dimension, interval));
    List<String> groups = new ArrayList<>();
    for (JsonNode row : rows) {
      groups.add(
          row.path("event").path(dimension).asText() + "=" + row.path("event").path("n").asLong());
    }
    return String.join(" ", groups.stream().sorted().toList());
  }

  @Test
  void badRecordsAreCountedAndHoldNothingUp() {
    rig.ok("POST", ROUTE, spec());
    StringBuilder wide = new StringBuilder("{\"timestamp\": 1442018818771, \"value\": 1");
    for (int i = 0; i < 5_000; i++) {
      wide.append(",\"f").append(i).append("\":1");
    }
    rig.send(
        topic,
        0,
        List.of(
            "nonsense",
            "{\"value\": 1}",
            "{\"timestamp\": \"soon\", \"value\": 1}",
            "{\"timestamp\": 1442018818771, \"value\": \"x\"}",
            "{\"timestamp\": \"9999-01-01\", \"value\": 1, \"future\": \"x\"}",
            wide.append('}').toString(),
            "{\"a\":".repeat(2_000),
            "{\"timestamp\": 1442018818771, \"value\": 2}"));
    awaitCount(1);
    // A row can be seen a moment before the records around it are counted.
    await(
        "all rejected records are counted",
        () ->
            rig.payload(ID)
                .path("rowsRejected")
                .toString()
                .equals("{\"BAD_TIME\":3,\"UNDECODABLE\":4}"));
    assertThat(rig.ok("GET", "/starfire/v1/datasources", "").toString())
        .as("a refused row adds no column")
        .doesNotContain("future");
    assertThat(rig.payload(ID).path("healthy").asBoolean()).isTrue();

    String letters = "/starfire/v1/datasources/" + ID + "/dead-letters";
    JsonNode newest = rig.ok("GET", letters, "");
    assertThat(newest).hasSize(7);
    assertThat(newest.findValuesAsText("value")).contains("nonsense", "{\"value\": 1}");
    assertThat(newest.findValuesAsText("offset"))
        .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6");
    assertThat(newest.findValuesAsText("outcome")).contains("BAD_TIME", "UNDECODABLE");
    assertThat(newest.findValuesAsText("reason")).doesNotContain("");
    assertThat(rig.ok("GET", letters + "?limit=2", "")).hasSize(2);
    assertThat(rig.call("GET", letters + "?limit=0", "").status()).isEqualTo(400);
    assertThat(
            rig.call("GET", "/starfire/v1/datasources/nothing/dead-letters", "")
                .body()
                .path("errorMessage")
                .asText())
        .contains("is not read by this real-time node");
  }

  @Test
  void aSupervisorThatBeginsAtTheEndLoadsWhatComesAfterItWasPosted() {
    rig.send(topic, 0, records(0, 100));
    rig.ok(
        "POST",
        ROUTE,
        spec().replace("\"taskCount\"", "\"useEarliestOffset\": false, \"taskCount\""));
    await("the start", () -> isCommitted(100));
    rig.send(topic, 0, records(100, 110));
    rig.send(topic, 1, records(110, 120));
    awaitCount(20);
    // Nothing was handed off: the start itself is what is remembered.
    rig.stopServer();
    rig.send(topic, 1, records(120, 125));
    rig.startServer();
    awaitCount(25);
  }

  @Test
  void aSpecReplacesTheFormerOneOfItsDataSource() {
    rig.send(topic, 0, records(0, 40));
    rig.ok("POST", ROUTE, spec());
    awaitCount(40);
    rig.ok("POST", ROUTE, spec().replace("\"value_sum\"", "\"total\""));
    await("the new metric", () -> rig.sum(ID, "doubleSum", "total") == 40 * 39 / 2 + 20);
    awaitCount(40);
  }

  @Test
  void anotherTopicIsRefusedWhileASupervisorReadsOne() {
    rig.send(topic, 0, records(0, 40));
    rig.ok("POST", ROUTE, spec());
    awaitCount(40);
    String moved = spec().replace('"' + topic, "\"elsewhere");
    checkRefused(
        moved,
        409,
        "CONFLICT",
        "supervisor 'metrics-kafka' reads topic '%s', and rows of it that are visible"
            .formatted(topic));
    assertThat(count()).as("nothing is committed, and nothing vanishes").isEqualTo(40);
    assertThat(rig.payload(ID).path("stream").asText()).isEqualTo(topic);
    rig.ok("POST", ROUTE + "/" + ID + "/terminate", "");
    await("it is removed", () -> rig.ok("GET", ROUTE, "").isEmpty());
    assertThat(count()).as("handed off").isEqualTo(40);
    checkRefused(moved, 409, "CONFLICT", "data source 'metrics-kafka' has committed rows of topic");
  }

  @Test
  void aSupervisorThatReadNothingMayGiveWayToOneOfAnotherTopic() {
    rig.ok("POST", ROUTE, spec().replace('"' + topic, "\"misspelt"));
    rig.send(topic, 0, records(0, 10));
    assertThat(rig.call("POST", ROUTE, spec()).status()).isEqualTo(409);
    rig.ok("POST", ROUTE + "/" + ID + "/terminate", "");
    await("it is removed", () -> rig.ok("GET", ROUTE, "").isEmpty());
    rig.ok("POST", ROUTE, spec());
    awaitCount(10);
  }

  @Test
  void aLossIsInTheStatusAndInTheHealth() throws Exception {
    rig.send(topic, 0, records(0, 100));
    rig.ok("POST", ROUTE, spec());
    awaitCount(100);
    rig.server().realtime().orElseThrow().requestHandOff(ID);
    await("the commit", () -> isCommitted(100));
    rig.stopServer();
    rig.send(topic, 0, records(100, 300));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(250)))
          .all()
          .get();
    }
    rig.startServer();
    await("the lag", () -> rig.payload(ID).path("aggregateLag").asLong() == 50);
    JsonNode payload = rig.payload(ID);
    assertThat(payload.path("state").asText()).isEqualTo("UNHEALTHY_SUPERVISOR");
    assertThat(payload.path("minimumLag").path("0").asLong()).isEqualTo(50);
    assertThat(payload.path("detail").asText())
        .contains("no longer holds the offsets [100, 250) of partition 0");
    assertThat(payload.path("recentErrors").toString()).as("no call has failed").isEqualTo("[]");
    JsonNode told = rig.ok("GET", "/status", "").path("dataSources").path(0);
    assertThat(told.path("state").asText()).isEqualTo("DATA_LOSS");
    assertThat(told.path("partitions").findValuesAsText("state"))
        .containsExactly("DATA_LOSS", "RUNNING");
    await("bad health", () -> rig.call("GET", "/status/health", "").status() == 503);
    assertThat(rig.call("GET", "/status/health", "").body().path("errorMessage").asText())
        .contains("(DATA_LOSS): topic '%s' no longer holds the offsets".formatted(topic));
  }

  /** Deletes the topic, makes another one of its name, and waits until the server has noticed. */
  private void createAgain(List<String> records) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.deleteTopics(List.of(topic)).all().get();
      await("the topic to be gone", () -> !topics(admin).contains(topic));
    }
    kafka.createTopic(topic, 2);
    rig.send(topic, 1, records);
  }

  private static Set<String> topics(Admin admin) {
    try {
      return admin.listTopics().names().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitReplaced() {
    await(
        "the loss",
        () -> rig.payload(ID).path("detail").asText().contains("is not the one that was read"));
  }

  @Test
  void aTopicThatWasCreatedAgainIsReadOnAsANewRangeWhenAskedTo() throws Exception {
    rig.send(topic, 0, records(0, 100));
    rig.ok("POST", ROUTE, spec());
    awaitCount(100);
    rig.server().realtime().orElseThrow().requestHandOff(ID);
    await("the commit", () -> isCommitted(100));
    assertThat(rig.ok("POST", ROUTE + "/" + ID + "/newTopic", "").path("formerTopicId").isNull())
        .as("it is the same topic")
        .isTrue();
    rig.send(topic, 0, records(100, 130));
    awaitCount(130);
    createAgain(records(0, 40));
    awaitReplaced();
    assertThat(count()).as("what is committed").isEqualTo(100);
    assertThat(rig.payload(ID).path("detail").asText())
        .contains("'bin/starfire supervisor new-topic metrics-kafka'");

    JsonNode change = rig.ok("POST", ROUTE + "/" + ID + "/newTopic", "");
    assertThat(change.path("topic").asText()).isEqualTo(topic);
    assertThat(change.path("formerOffsets").path("0").asLong()).isEqualTo(100);
    assertThat(change.path("committedOffsets").toString()).isEqualTo("{\"0\":0,\"1\":0}");
    assertThat(change.path("formerTopicId").asText()).isNotEqualTo(change.path("topicId").asText());
    awaitCount(140);
    JsonNode again = rig.ok("POST", ROUTE + "/" + ID + "/newTopic", "");
    assertThat(again.path("formerTopicId").isNull()).isTrue();
    assertThat(again.path("topicId")).isEqualTo(change.path("topicId"));
    rig.stopServer();
    rig.startServer();
    awaitCount(140);
    rig.server().realtime().orElseThrow().requestHandOff(ID);
    await("the commit", () -> isCommitted(40));
    assertThat(count()).isEqualTo(140);
    assertThat(rig.payload(ID).path("healthy").asBoolean()).isTrue();
  }

  @Test
  void aTopicOfWhichNothingIsCommittedIsKnownAgainByItsIdAfterARestart() throws Exception {
    rig.send(topic, 0, records(0, 50));
    rig.ok("POST", ROUTE, spec());
    awaitCount(50);
    rig.stopServer();
    createAgain(records(0, 20));
    rig.startServer();
    awaitReplaced();
    assertThat(rig.payload(ID).path("detail").asText()).contains("nothing of it is committed");
    assertThat(count()).isNotPositive();
    rig.ok("POST", ROUTE + "/" + ID + "/newTopic", "");
    awaitCount(20);
  }

  @Test
  void whatIsWrongIsSaidWithTheStatusOfItsKind() {
    checkRefused(
        spec().replace("\"replicas\"", "\"replica\""),
        400,
        "INVALID_INPUT",
        "spec.ioConfig.replica is not known");
    checkRefused(
        spec().replace("\"bootstrap.servers\"", "\"group.id\""),
        400,
        "INVALID_INPUT",
        "spec.ioConfig.consumerProperties.group.id must not be set");
    checkRefused(
        spec().replace("doubleMin", "variance"),
        501,
        "UNSUPPORTED",
        "spec.dataSchema.metricsSpec[2].type 'variance' is not supported");
    checkRefused("[]", 400, "INVALID_INPUT", "the spec must be a JSON object");
    SupervisorRig.Answer unknown = rig.call("GET", ROUTE + "/nobody/status", "");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.body().path("errorMessage").asText())
        .isEqualTo("there is no supervisor 'nobody'; there are []");
    assertThat(rig.call("POST", ROUTE + "/nobody/suspend", "").status()).isEqualTo(404);
    assertThat(rig.call("POST", ROUTE + "/nobody/reset", "").status()).isEqualTo(501);
    rig.ok("POST", ROUTE, spec());
    assertThat(
            rig.call("POST", ROUTE + "/" + ID + "/resume", "").body().path("errorMessage").asText())
        .isEqualTo("supervisor 'metrics-kafka': it is running, so it cannot be resumed");
    assertThat(rig.ok("GET", ROUTE, "")).hasSize(1);
  }

  private void checkRefused(String spec, int status, String category, String sentence) {
    SupervisorRig.Answer answer = rig.call("POST", ROUTE, spec);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.body().path("category").asText()).isEqualTo(category);
    assertThat(answer.body().path("errorMessage").asText()).startsWith(sentence);
  }

  @Test
  void propertiesThatKafkaRefusesChangeNothing() {
    rig.ok("POST", ROUTE, spec());
    checkRefused(
        spec().replace(kafka.bootstrapServers(), "kafka"),
        400,
        "INVALID_INPUT",
        "Kafka's clients refuse the properties: Invalid url in bootstrap.servers: kafka");
    assertThat(rig.ok("GET", ROUTE + "/" + ID, "").toString()).contains(kafka.bootstrapServers());
  }

  @Test
  void registeringItsDataSourceAgainLeavesTheSpecInForce() {
    rig.ok("POST", ROUTE, spec());
    JsonNode registered = rig.ok("GET", "/starfire/v1/datasources", "").path(0);
    rig.ok("POST", "/starfire/v1/datasources", registered.toString());
    assertThat(rig.payload(ID).path("stream").asText())
        .isEqualTo(registered.path("topic").asText());
  }

  @Test
  void anUnreachableBrokerIsSaidInTheStatus() {
    rig.ok(
        "POST",
        ROUTE,
        spec()
            .replace(
                kafka.bootstrapServers(), "127.0.0.1:1\", \"default.api.timeout.ms\": \"1000"));
    await(
        "the state",
        () -> rig.payload(ID).path("detailedState").asText().equals("UNABLE_TO_CONNECT_TO_STREAM"));
    assertThat(rig.payload(ID).path("state").asText()).isEqualTo("UNHEALTHY_SUPERVISOR");
    assertThat(rig.call("GET", ROUTE + "/" + ID + "/health", "").status()).isEqualTo(503);
  }
}
