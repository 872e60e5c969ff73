package io.starfire.serving.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.realtime.RealtimeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A whole server, a real broker and a producer, spoken to as users do. */
final class SupervisorRig implements AutoCloseable {
  static final String ROUTE = "/druid/indexer/v1/supervisor";
  private static final Duration UNHEALTHY_AFTER = Duration.ofMillis(300);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  final EmbeddedKafka kafka;
  private final Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final KafkaProducer<byte[], byte[]> producer;
  private StandaloneServer server;

  /** A status and a body. */
  record Answer(int status, JsonNode body) {}

  SupervisorRig(EmbeddedKafka kafka, Path directory) {
    this.directory = directory;
    this.kafka = kafka;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Starts a server that persists and hands off often. */
  void startServer() {
    RealtimeSettings realtime =
        RealtimeSettings.builder(
                directory.resolve("data/realtime"),
                Map.of("bootstrap.servers", kafka.bootstrapServers()))
            .persistAt(100, 64L << 20, Duration.ofSeconds(1))
            .handOffAt(700, Duration.ofMinutes(10))
            .retryBackoff(Duration.ofMillis(50))
            .topicCheckPeriod(Duration.ofMillis(200))
            .maxDiscoveredDimensions(40)
            .unhealthyAfter(UNHEALTHY_AFTER)
            .build();
    server =
        StandaloneServer.start(
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
                new BrokerSettings(
                    2, 4, 10, Duration.ofSeconds(30), Duration.ofSeconds(60), 64L << 20),
                Optional.of(realtime)));
  }

  void stopServer() {
    server.close();
    server = null;
  }

  Answer call(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The body of a call that succeeds. */
  JsonNode ok(String method, String path, String body) {
    Answer answer = call(method, path, body);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.body();
  }

  JsonNode payload(String id) {
    return ok("GET", ROUTE + "/" + id + "/status", "").path("payload");
  }

  void send(String topic, int partition, List<String> records) {
    for (String record : records) {
      byte[] value = record.getBytes(StandardCharsets.UTF_8);
      var unused = producer.send(new ProducerRecord<>(topic, partition, null, value));
    }
    producer.flush();
  }

  void send(String topic, int partition, byte[] value) {
    var unused = producer.send(new ProducerRecord<>(topic, partition, null, value));
  }

  StandaloneServer server() {
    return server;
  }

  /** A query over 2015 of one sum, all together; 0 while there is nothing. */
  long sum(String dataSource, String type, String field) {
    Answer answer =
        call(
            "POST",
            "/druid/v2",
            """
            {"queryType":"timeseries","dataSource":"%s","granularity":"all",
             "intervals":["2015/P1Y"],
             "aggregations":[{"type":"%s","name":"x","fieldName":"%s"}]}\
            """
                .formatted(dataSource, type, field));
    return answer.status() == 200 ? answer.body().path(0).path("result").path("x").asLong() : -1;
  }

  @Override
  public void close() {
    producer.close();
    if (server != null) {
      stopServer();
    }
  }
}
