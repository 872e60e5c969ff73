package io.starfire.serving.server;

import static io.starfire.serving.Waiting.await;
import static io.starfire.serving.server.SupervisorRig.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.SharedKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of many dimensions, none of them named in the spec, with Unicode, nulls, booleans, objects
 * and missing fields: what is queried equals what was sent, whether it is live, persisted or handed
 * off.
 */
class WikiSupervisorTest {
  private static final long SEED = Long.getLong("starfire.seed", 20_150_912L);

  @TempDir Path directory;

  private static String spec(String topic, boolean rollup) {
    return """
    {"type": "kafka", "spec": {
      "dataSchema": {
        "dataSource": "wiki",
        "timestampSpec": {"column": "time", "format": "iso"},
        "metricsSpec": [
          {"name": "count", "type": "count"},
          {"name": "added", "fieldName": "added", "type": "longSum"},
          {"name": "deleted", "fieldName": "deleted", "type": "longSum"},
          {"name": "delta", "fieldName": "delta", "type": "longSum"}],
        "granularitySpec": {
          "segmentGranularity": "SIX_HOUR", "queryGranularity": "HOUR", "rollup": %s}},
      "ioConfig": {
        "topic": "%s", "useEarliestOffset": true, "inputFormat": {"type": "json"},
        "consumerProperties": {"bootstrap.servers": "%s"}},
      "tuningConfig": {"type": "kafka", "maxRowsInMemory": 150, "maxTotalRows": 900}}}
    """
        .formatted(rollup, topic, SharedKafka.kafka().bootstrapServers());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyGroupEqualsWhatWasSent(boolean rollup) {
    System.out.println("-Dstarfire.seed=" + SEED);
    WikiRows wiki = new WikiRows(SEED);
    String topic = SharedKafka.newTopic("wiki", 2);
    try (SupervisorRig rig = new SupervisorRig(SharedKafka.kafka(), directory)) {
      rig.startServer();
      rig.send(topic, 0, wiki.more(400));
      rig.ok("POST", ROUTE, spec(topic, rollup));
      for (int i = 0; i < 6; i++) {
        rig.send(topic, i % 2, wiki.more(450));
        await("rows", () -> rig.sum("wiki", "longSum", "count") == wiki.size());
        check(rig, wiki);
      }
      assertThat(rig.payload("wiki").path("committedOffsets").path("0").asLong())
          .as("some of it is handed off")
          .isPositive();
      rig.stopServer();
      rig.startServer();
      rig.send(topic, 1, wiki.more(100));
      await("rows", () -> rig.sum("wiki", "longSum", "count") == wiki.size());
      check(rig, wiki);
      assertThat(rig.payload("wiki").path("rowsRejected")).isEmpty();
    }
  }

  private static void check(SupervisorRig rig, WikiRows wiki) {
    for (String metric : List.of("added", "deleted", "delta")) {
      assertThat(rig.sum("wiki", "longSum", metric)).isEqualTo(wiki.sum(metric));
    }
    for (String dimension :
        List.of("channel", "page", "user", "isRobot", "cityName", "metroCode")) {
      if (dimension.equals("metroCode") && wiki.size() < 1_000) {
        continue;
      }
      assertThat(groupBy(rig, dimension))
          .as("%s, seed %d", dimension, SEED)
          .isEqualTo(
              wiki.groups(
                  row -> row.get(dimension) == null ? null : Objects.toString(row.get(dimension))));
    }
  }

  private static Map<String, List<Long>> groupBy(SupervisorRig rig, String dimension) {
    JsonNode answer =
        rig.ok(
            "POST",
            "/druid/v2",
            """
            {"queryType":"groupBy","dataSource":"wiki","granularity":"all",
             "dimensions":["%s"],"intervals":["2015-09-12/P1D"],
             "aggregations":[{"type":"longSum","name":"n","fieldName":"count"},
                             {"type":"longSum","name":"a","fieldName":"added"}]}\
            """
                .formatted(dimension));
    Map<String, List<Long>> groups = new TreeMap<>();
    for (JsonNode row : answer) {
      JsonNode event = row.path("event");
      List<Long> sums = List.of(event.path("n").asLong(), event.path("a").asLong());
      List<Long> twice = groups.put(event.path(dimension).asText(), sums);
      // The text 'null' and no value at all are two groups, and one key here.
      if (twice != null) {
        groups.put(
            event.path(dimension).asText(),
            List.of(sums.get(0) + twice.get(0), sums.get(1) + twice.get(1)));
      }
    }
    return groups;
  }
}
