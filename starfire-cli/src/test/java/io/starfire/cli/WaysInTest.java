package io.starfire.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.batch.BatchOptions;
import io.starfire.batch.BatchRun;
import io.starfire.batch.index.IndexMain;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.serving.server.ServerSettings;
import io.starfire.serving.server.StandaloneServer;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One file of awkward values, on every way in: the stream, a batch run, {@code index} and a
 * supervisor. All show the same rows.
 */
class WaysInTest {
  private static final String TOPIC = "awkward";
  private static final String DAY = "2024-01-01/2024-01-02";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Records that are rows: an id, and the fields beside it. */
  private static final Map<String, String> ROWS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("aboveDoubles", "\"l\":9007199254740993.0"),
              Map.entry("largest", "\"l\":\"9223372036854775807.0\""),
              Map.entry("smallest", "\"l\":-9223372036854775808"),
              Map.entry("exponent", "\"l\":1e3,\"d\":\"1e-7\""),
              Map.entry("signed", "\"l\":\" +7 \",\"d\":\".5\""),
              Map.entry("empty", "\"l\":\"\",\"d\":\"\",\"s\":\"\",\"m\":\"\""),
              Map.entry("blank", "\"l\":\" \",\"d\":\" \",\"s\":\" \",\"m\":\" \""),
              Map.entry("nulls", "\"l\":null,\"d\":null,\"s\":null,\"m\":null"),
              Map.entry("nothing", "\"other\":{\"a\":[1]}"),
              Map.entry("zeros", "\"s\":1.50,\"d\":1.50"),
              Map.entry("digits", "\"s\":0.12345678901234567890,\"d\":0.12345678901234567890"),
              Map.entry("huge", "\"s\":1e400"),
              Map.entry("boolean", "\"s\":true"),
              Map.entry("question", "\"s\":\"?\""),
              Map.entry("pair", "\"s\":\"\\ud83d\\ude00\""),
              Map.entry("arabic", "\"s\":\"\u0661\u0662\""),
              Map.entry("list", "\"m\":[\"b\",\"a\"]"),
              Map.entry("listSorted", "\"m\":[\"a\",\"b\"]"),
              Map.entry("listOfNone", "\"m\":[]"),
              Map.entry("listOfNull", "\"m\":[null]"),
              Map.entry("listOfOne", "\"m\":[\"one\"]"),
              Map.entry("listOfScalar", "\"m\":\"one\""),
              Map.entry("listWithNull", "\"m\":[\"x\",null,\"a\",\"x\"]"),
              Map.entry("listOfNumbers", "\"m\":[2.0,true,\"\\ud83d\\ude00\",\"\uff5e\"]"),
              Map.entry("twice", "\"l\":1,\"l\":2"),
              Map.entry("takenBack", "\"l\":1,\"l\":null")));

  /** Lines that are none. */
  private static final List<String> DEAD =
      List.of(
          dead("\"l\":9007199254740992.5"),
          dead("\"l\":\"0.99999999999999999999\""),
          dead("\"l\":9223372036854775808"),
          dead("\"l\":\"\u0661\u0662\""),
          dead("\"l\":\"0x10\""),
          dead("\"l\":true"),
          dead("\"l\":[1]"),
          dead("\"l\":{}"),
          dead("\"d\":1e400"),
          dead("\"d\":\"1d\""),
          dead("\"s\":\"\\ud800\""),
          dead("\"m\":[\"a\",\"\\udc00\"]"),
          dead("\"s\":\"x\"} {"),
          "{\"id\":\"dead\",\"t\":\"soon\"}",
          "{\"id\":\"dead\",\"t\":\"\"}",
          "{\"id\":\"dead\",\"t\":\"9999-12-31\"}",
          "{\"id\":\"dead\"}",
          "no JSON");

  @TempDir Path directory;

  /** What the pipeline makes of a line. */
  public record Awkward(String id, Instant t, Long l, Double d, String s, List<String> m) {}

  /** Hands the lines on as they are. */
  public static final class AwkwardLines implements Pipeline {
    @Override
    public void define(Flow flow) {
      flow.source(TOPIC, Awkward.class)
          .eventTime(Awkward::t)
          .withoutIdentity()
          .to(
              DataSource.named("by_pipeline", Awkward.class)
                  .dimensions("id", "l", "d", "s", "m")
                  .count("rows"));
    }
  }

  private static String dead(String fields) {
    return "{\"id\":\"dead\",\"t\":\"2024-01-01T10:00:00Z\"," + fields + "}";
  }

  private static String row(String id, String fields) {
    return "{\"id\":\"%s\",\"t\":\"2024-01-01T10:00:00Z\",%s}".formatted(id, fields);
  }

  @Test
  void awkwardValuesAreTheSameRowsOnEveryWayIn() throws Exception {
    // Those that are no rows come first: if one became a row, it would be there with the others.
    List<String> lines = new ArrayList<>(DEAD);
    ROWS.forEach((id, fields) -> lines.add(row(id, fields)));
    Path file = Files.write(directory.resolve("awkward.json"), lines);
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      kafka.createTopic(TOPIC, 1);
      send(kafka, lines);
      try (StandaloneServer server =
          StandaloneServer.start(ServerSettings.of(config(kafka, 0, Map.of())).withPort(0))) {
        StarfireConfig config = config(kafka, server.port(), Map.of());
        Map<String, JsonNode> streamed;
        try (StreamDriver stream =
            StreamDriver.start(
                StreamOptions.of(
                    AwkwardLines.class.getName(), WaysInTest.class.getClassLoader(), config))) {
          assertThat(stream.status().pipeline()).isEqualTo(AwkwardLines.class.getName());
          supervise(server, kafka);
          streamed = awaitRows(server, "by_pipeline");
        }
        Map<String, JsonNode> supervised = awaitRows(server, "by_supervisor");
        index(file, server);
        Map<String, JsonNode> indexed = awaitRows(server, "by_index");
        BatchRun.run(
            BatchOptions.of(
                AwkwardLines.class.getName(),
                Interval.parse(DAY),
                config(
                    kafka,
                    server.port(),
                    Map.of("starfire.sources.awkward.batch.paths", file.toString()))),
            line -> {},
            InstantSource.system());
        Map<String, JsonNode> batched = awaitRows(server, "by_pipeline");

        assertThat(indexed.keySet()).isEqualTo(ROWS.keySet());
        assertThat(indexed.get("aboveDoubles").get(1).asLong()).isEqualTo(9007199254740993L);
        assertThat(indexed.get("largest").get(1).asLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(indexed.get("huge").get(3).asText()).isEqualTo("1e400");
        assertThat(supervised).isEqualTo(indexed);
        assertThat(streamed).isEqualTo(indexed);
        assertThat(batched).isEqualTo(indexed);
      }
    }
  }

  private StarfireConfig config(EmbeddedKafka kafka, int port, Map<String, String> more) {
    Map<String, String> values = new TreeMap<>(more);
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.kafka.replication-factor", "1");
    values.put("starfire.sources.awkward.topic", TOPIC);
    values.put("starfire.stream.partitions", "1");
    values.put("starfire.stream.state-dir", directory.resolve("state").toString());
    values.put("starfire.batch.work-dir", directory.resolve("work").toString());
    values.put("starfire.server.coordinator-url", "http://127.0.0.1:" + port);
    values.put("starfire.server.data-dir", directory.resolve("server").toString());
    values.put("starfire.deep-storage.root", directory.resolve("deep").toString());
    return StarfireConfig.fromMap(values);
  }

  private static void send(EmbeddedKafka kafka, List<String> lines) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String line : lines) {
        producer.send(new ProducerRecord<>(TOPIC, line.getBytes(UTF_8))).get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("a record was not sent", e);
    }
  }

  private static String spec(String type, String dataSource, String ioConfig) {
    return """
    {"type":"%s","spec":{
      "dataSchema":{"dataSource":"%s",
        "timestampSpec":{"column":"t","format":"auto"},
        "dimensionsSpec":{"dimensions":["id",{"type":"long","name":"l"},
          {"type":"double","name":"d"},"s","m"]},
        "metricsSpec":[{"type":"count","name":"rows"}],
        "granularitySpec":{"segmentGranularity":"DAY","queryGranularity":"NONE","rollup":false}},
      "ioConfig":{"type":"%s","inputFormat":{"type":"json"}%s},
      "tuningConfig":{"type":"%s"}}}
    """
        .formatted(type, dataSource, type, ioConfig, type);
  }

  private void supervise(StandaloneServer server, EmbeddedKafka kafka) throws IOException {
    String ioConfig =
        ",\"topic\":\"%s\",\"useEarliestOffset\":true,\"consumerProperties\":{\"bootstrap.servers\":\"%s\"}"
            .formatted(TOPIC, kafka.bootstrapServers());
    Path spec =
        Files.writeString(
            directory.resolve("supervisor.json"), spec("kafka", "by_supervisor", ioConfig));
    Said posted =
        Said.by(
            "supervisor", "post", spec.toString(), "--server", "http://127.0.0.1:" + server.port());
    assertThat(posted.exitCode()).as(posted.err()).isZero();
  }

  private void index(Path file, StandaloneServer server) throws IOException {
    Path spec =
        Files.writeString(directory.resolve("index.json"), spec("index_parallel", "by_index", ""));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, UTF_8);
    int code =
        IndexMain.run(
            List.of(
                file.toString(),
                "--spec",
                spec.toString(),
                "--temporary-dir",
                directory.toString(),
                "-Dstarfire.server.coordinator-url=http://127.0.0.1:" + server.port(),
                "-Dstarfire.deep-storage.root=" + directory.resolve("deep")),
            out,
            out,
            InstantSource.system());
    assertThat(code).as(said.toString(UTF_8)).isZero();
  }

  /** The rows of a data source by their ids, once there are as many as there must be. */
  private static Map<String, JsonNode> awaitRows(StandaloneServer server, String dataSource) {
    return await()
        .atMost(LIMIT)
        .until(() -> rows(server, dataSource), rows -> rows.size() >= ROWS.size());
  }

  private static Map<String, JsonNode> rows(StandaloneServer server, String dataSource)
      throws IOException, InterruptedException {
    String query =
        """
        {"queryType":"scan","dataSource":"%s","intervals":["%s"],"columns":["id","l","d","s","m"],
         "resultFormat":"compactedList"}\
        """
            .formatted(dataSource, DAY);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/druid/v2"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(query))
            .build();
    JsonNode answer =
        JSON.readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    Map<String, JsonNode> rows = new TreeMap<>();
    for (JsonNode segment : answer) {
      for (JsonNode row : segment.path("events")) {
        assertThat(rows.put(row.get(0).asText(), row)).as("a row twice: %s", row).isNull();
      }
    }
    return rows;
  }
}
