package io.starfire.serving.server;

import static io.starfire.serving.SegmentFiles.hour;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.SharedKafka;
import io.starfire.serving.Waiting;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.realtime.RealtimeSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server on a real Kafka broker: rows from a topic, handed off, replaced by batch. */
class ServerOnKafkaTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final DataRowCodec CODEC = DataRowCodec.of(SegmentFiles.SCHEMA);
  private static final int PARTITIONS = 2;

  @TempDir Path directory;
  private final String topic = SharedKafka.newTopic("ads", PARTITIONS);
  private final HttpClient client = HttpClient.newHttpClient();

  private StandaloneServer start() {
    RealtimeSettings realtime =
        RealtimeSettings.builder(
                directory.resolve("data/realtime"),
                Map.of("bootstrap.servers", SharedKafka.kafka().bootstrapServers()))
            .persistAt(70, 64L << 20, Duration.ofSeconds(1))
            .handOffAt(200, Duration.ofMinutes(10))
            .retryBackoff(Duration.ofMillis(50))
            .topicCheckPeriod(Duration.ofMillis(200))
            .build();
    return StandaloneServer.start(
        new ServerSettings(
            "127.0.0.1",
            0,
            directory.resolve("data"),
            DeepStorageLocation.local(directory.resolve("deep")),
            Optional.empty(),
            1 << 30,
            1_000_000,
            new Coordinator.Settings(
                0.05, Duration.ofMillis(20), new KeptViews(5, Duration.ofDays(1))),
            new BrokerSettings(2, 4, 10, Duration.ofSeconds(30), Duration.ofSeconds(60), 64L << 20),
            Optional.of(realtime)));
  }

  private JsonNode send(StandaloneServer server, String method, String path, Object body)
      throws IOException, InterruptedException {
    String text = body instanceof String json ? json : JSON.writeValueAsString(body);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(text))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return JSON.readTree(response.body());
  }

  private long events(StandaloneServer server) throws IOException, InterruptedException {
    JsonNode answer =
        send(
            server,
            "POST",
            "/druid/v2",
            """
            {"queryType":"timeseries","dataSource":"ads","granularity":"all",
             "intervals":["2026-11-20/P1D"],
             "aggregations":[{"type":"longSum","name":"events","fieldName":"count"}]}\
            """);
    return answer.path(0).path("result").path("events").asLong();
  }

  private void await(String what, Predicate<Long> condition, StandaloneServer server) {
    long unused = Waiting.await(what, () -> events(server), condition);
  }

  private void produce(KafkaProducer<byte[], byte[]> producer, int from, int to) {
    for (int i = from; i < to; i++) {
      DataRow row =
          SegmentFiles.row(hour(10 + i % 3).startMillis() + i % 3600 * 1000L, "p" + i % 5, 1);
      var unused =
          producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, CODEC.encode(row)));
    }
    producer.flush();
  }

  /** Whether every partition has committed: their rows are spread over three hours. */
  private boolean hasCommitted(StandaloneServer server) throws IOException, InterruptedException {
    JsonNode timeline = send(server, "GET", "/starfire/v1/timeline/ads", "");
    return timeline.findValuesAsText("partitions").stream().mapToInt(Integer::parseInt).sum()
        >= PARTITIONS * 3;
  }

  @Test
  void rowsAreExactThroughHandOffRestartAndReplacement() throws Exception {
    Files.createDirectories(directory.resolve("work"));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", SharedKafka.kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      try (StandaloneServer server = start()) {
        send(
            server,
            "POST",
            "/starfire/v1/datasources",
            new DataSourceRegistration(SegmentFiles.SCHEMA, topic));
        countNeverGoesBackWhile(
            server,
            () -> {
              for (int from = 0; from < 3000; from += 500) {
                int to = from + 500;
                produce(producer, from, to);
                await("the rows sent so far", events -> events == to, server);
              }
            },
            3000);
        boolean unused =
            Waiting.await(
                "the commits",
                () -> {
                  assertThat(events(server)).isEqualTo(3000);
                  return hasCommitted(server);
                },
                committed -> committed);
      }
      produce(producer, 3000, 3100);
      try (StandaloneServer server = start()) {
        await("all rows after the restart", events -> events == 3100, server);
        replaceHour(server);
        await("the replaced hour", events -> events == 3100 - 1034 + 1040, server);
        produce(producer, 3100, 3400);
        await(
            "later rows of the other hours", events -> events == 3100 - 1034 + 1040 + 200, server);
      }
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Asks without pause: what was visible once stays visible, and nothing shows twice. */
  private void countNeverGoesBackWhile(StandaloneServer server, Work work, long total)
      throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService asker = Executors.newSingleThreadExecutor();
    try {
      Future<Long> highest =
          asker.submit(
              () -> {
                long last = 0;
                while (!done.get()) {
                  long now = events(server);
                  assertThat(now).isBetween(last, total);
                  last = now;
                }
                return last;
              });
      work.run();
      await("all rows", events -> events == total, server);
      done.set(true);
      assertThat(highest.get()).isLessThanOrEqualTo(total);
    } finally {
      done.set(true);
      asker.shutdown();
    }
  }

  /** Hour 10 has every third event: 1034 of 3100. */
  private void replaceHour(StandaloneServer server) throws IOException, InterruptedException {
    String version =
        send(
                server,
                "POST",
                "/starfire/v1/versions",
                new VersionRequest("ads", List.of(hour(10)), 0))
            .path("version")
            .asText();
    SegmentDescriptor segment =
        SegmentFiles.push(
            new LocalDeepStorage(directory.resolve("deep")),
            directory.resolve("work"),
            hour(10),
            version,
            1040,
            1);
    JsonNode unused =
        send(
            server,
            "POST",
            "/starfire/v1/publications",
            new PublicationRequest(
                "ads",
                List.of(hour(10)),
                version,
                List.of(segment),
                "plan",
                Map.of(),
                Map.of(),
                false,
                false));
  }
}
