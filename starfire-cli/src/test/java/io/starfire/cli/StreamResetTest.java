package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.serving.server.ServerSettings;
import io.starfire.serving.server.StandaloneServer;
import io.starfire.stream.Beginning;
import io.starfire.stream.StartFrom;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that is begun anew, with a real broker and a real server: the counts stay the truth. */
final class StreamResetTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long FIRST_HOUR = Times.parse("2026-11-20T10:00:00Z");
  private static final long SECOND_HOUR = Times.parse("2026-11-20T11:00:00Z");
  private static final long SEED = 20261127L;
  private static final int KILLS = 8;

  @TempDir private Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> told = new ArrayList<>();
  private EmbeddedKafka kafka;
  private StandaloneServer server;
  private KafkaProducer<byte[], byte[]> producer;
  private int sent;
  private int port;

  /** An order, as it stands in the topic. */
  public record Order(String id, Instant at) {}

  /** Counts orders. */
  public static final class Orders implements Pipeline {
    @Override
    public void define(Flow flow) {
      flow.source("orders", Order.class)
          .eventTime(Order::at)
          .withoutIdentity()
          .to(DataSource.named("orders", Order.class).dimensions("id").count("orders"));
    }
  }

  @BeforeEach
  void start() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    kafka.createTopic("orders", 2);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    server = StandaloneServer.start(ServerSettings.of(config(0, "s", Map.of())).withPort(0));
    port = server.port();
  }

  @AfterEach
  void stop() {
    producer.close();
    server.close();
    kafka.close();
  }

  private StarfireConfig config(int port, String prefix, Map<String, String> more) {
    return StarfireConfig.fromMap(values(port, prefix, more));
  }

  private Map<String, String> values(int port, String prefix, Map<String, String> more) {
    Map<String, String> values = new HashMap<>();
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.server.data-dir", directory.resolve("server").toString());
    values.put("starfire.server.coordinator-url", "http://127.0.0.1:" + port);
    values.put("starfire.deep-storage.root", directory.resolve("deep").toString());
    values.put("starfire.realtime.hand-off-rows", "20");
    values.put("starfire.stream.application-id-prefix", prefix);
    values.put("starfire.stream.state-dir", directory.resolve("state").toString());
    values.put("starfire.stream.port", "-1");
    values.put("starfire.kafka.properties.\"poll.ms\"", "10");
    values.put("starfire.sources.orders.topic", "orders");
    values.putAll(more);
    return values;
  }

  private StreamDriver stream(Beginning beginning) {
    return stream("s", beginning, Map.of());
  }

  private StreamDriver stream(String prefix, Beginning beginning, Map<String, String> more) {
    return StreamDriver.start(
        StreamOptions.of(
                Orders.class.getName(), Orders.class.getClassLoader(), config(port, prefix, more))
            .beginning(beginning, told::add));
  }

  private void send(int count, long hour) throws Exception {
    for (int i = 0; i < count; i++) {
      var unused =
          producer
              .send(
                  new ProducerRecord<>(
                      "orders", sent % 2, null, null, order("o" + sent, hour + sent)))
              .get();
      sent++;
    }
  }

  private static byte[] order(String id, long at) {
    return "{\"id\":\"%s\",\"at\":\"%s\"}"
        .formatted(id, Times.format(at))
        .getBytes(StandardCharsets.UTF_8);
  }

  private long count() throws Exception {
    String query =
        """
        {"queryType":"timeseries","dataSource":"orders","granularity":"all",
        "intervals":["2026-11-20/P1D"],
        "aggregations":[{"type":"longSum","name":"orders","fieldName":"orders"}]}\
        """;
    String answer =
        http.send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/druid/v2"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(query))
                    .build(),
                BodyHandlers.ofString())
            .body();
    JsonNode result = new ObjectMapper().readTree(answer);
    return result.isArray() && !result.isEmpty() ? result.at("/0/result/orders").asLong() : 0;
  }

  /** Waits for a count, and sees to it that it was never above on the way. */
  private void awaitCount(long expected) {
    AtomicLong highest = new AtomicLong();
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              long now = count();
              highest.accumulateAndGet(now, Math::max);
              return now == expected;
            });
    assertThat(highest).hasValueLessThanOrEqualTo(expected);
    await().during(Duration.ofMillis(400)).atMost(DEADLINE).until(() -> count() == expected);
  }

  /** Three orders more than the stream has seen of the first hour. */
  private void publishFirstHour(int orders) throws Exception {
    Path file = directory.resolve("orders.json");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      lines.add(new String(order("b" + i, FIRST_HOUR + i), StandardCharsets.UTF_8));
    }
    Files.write(file, lines);
    Path conf = directory.resolve("batch.conf");
    Files.writeString(
        conf,
        """
        starfire.server.coordinator-url = "http://127.0.0.1:%d"
        starfire.deep-storage.root = "%s"
        starfire.batch.work-dir = "%s"
        starfire.sources.orders { topic = orders, batch.paths = ["%s"] }
        """
            .formatted(server.port(), directory.resolve("deep"), directory.resolve("work"), file));
    Said said =
        Said.by(
            "batch",
            Orders.class.getName(),
            "--interval",
            "2026-11-20T10/PT1H",
            "--config",
            conf.toString());
    assertThat(said.exitCode()).as(said.err() + said.out()).isZero();
  }

  @Test
  void afterAResetTheCountsAreTheTruthAndPublicationsStay() throws Exception {
    send(100, FIRST_HOUR);
    send(50, SECOND_HOUR);
    try (StreamDriver driver = stream(Beginning.CONTINUE)) {
      awaitCount(150);
      assertThatThrownBy(() -> stream(Beginning.reset(StartFrom.EARLIEST, withdrawn -> true)))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("is running");
      // A second stream of the same data source is refused, and nothing vanishes.
      assertThatThrownBy(() -> stream("other", Beginning.CONTINUE, Map.of()))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("data source 'orders' is read from topic 's-data-source-orders'")
          .hasMessageContaining("starfire.data-sources.orders.topic");
      assertThat(count()).isEqualTo(150);
      assertThat(driver.failure()).isNull();
    }
    publishFirstHour(103);
    awaitCount(153);

    told.clear();
    try (StreamDriver driver = stream(Beginning.reset(StartFrom.EARLIEST, withdrawn -> true))) {
      assertThat(driver.dataSourceTopic("orders")).isEqualTo("s-data-source-orders-g2");
      awaitCount(153);
      send(10, SECOND_HOUR);
      awaitCount(163);
    }
    assertThat(told)
        .anySatisfy(sentence -> assertThat(sentence).contains("75 offsets are read again"))
        .anySatisfy(
            sentence -> assertThat(sentence).contains("are withdrawn", "publications stay"));

    told.clear();
    send(5, SECOND_HOUR);
    try (StreamDriver driver = stream(Beginning.reset(StartFrom.COMMITTED))) {
      assertThat(driver.dataSourceTopic("orders")).isEqualTo("s-data-source-orders-g2");
      awaitCount(168);
    }
    assertThat(told).anySatisfy(sentence -> assertThat(sentence).contains("nothing is read again"));
    // The next start goes on in the last generation.
    send(1, SECOND_HOUR);
    try (StreamDriver driver = stream(Beginning.CONTINUE)) {
      assertThat(driver.status().applicationId()).endsWith("-g3");
      awaitCount(169);
    }
  }

  @Test
  void aResetThatEndsBeforeTheServerHeardOfItIsFinishedByTheNextStart() throws Exception {
    send(60, SECOND_HOUR);
    stream(Beginning.CONTINUE).close();
    try (StreamDriver driver = stream(Beginning.CONTINUE)) {
      awaitCount(60);
      assertThat(driver.failure()).isNull();
    }
    Map<String, String> alone = Map.of("starfire.stream.register", "off");
    try (StreamDriver driver =
        stream("s", Beginning.reset(StartFrom.EARLIEST, withdrawn -> true), alone)) {
      await().atMost(DEADLINE).until(() -> driver.status().count("orders", "EMITTED") == 60);
      // The server reads the old topic still; what is written anew is not seen beside it.
      awaitCount(60);
    }
    send(4, SECOND_HOUR);
    try (StreamDriver driver = stream(Beginning.CONTINUE)) {
      assertThat(driver.dataSourceTopic("orders")).isEqualTo("s-data-source-orders-g2");
      awaitCount(64);
    }
    // A second one while the server is away changes nothing.
    server.close();
    assertThatThrownBy(() -> stream(Beginning.reset(StartFrom.EARLIEST, withdrawn -> true)))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    server = StandaloneServer.start(ServerSettings.of(config(0, "s", Map.of())).withPort(port));
    try (StreamDriver driver = stream(Beginning.CONTINUE)) {
      assertThat(driver.status().applicationId()).endsWith("-g2");
      awaitCount(64);
    }
  }

  /** Whatever moment it is killed at, nothing counts twice, and the next start puts it right. */
  @Test
  @Tag("long")
  void aResetThatIsKilledAtAnyMomentIsDoneOrNotDoneAndTheCountsEndAtTheTruth() throws Exception {
    send(200, SECOND_HOUR);
    try (StreamDriver driver = stream(Beginning.CONTINUE)) {
      awaitCount(200);
      assertThat(driver.failure()).isNull();
    }
    Path conf = directory.resolve("stream.conf");
    List<String> lines = new ArrayList<>();
    values(port, "s", Map.of()).forEach((key, value) -> lines.add(key + " = \"" + value + "\""));
    Files.write(conf, lines);
    Random random = new Random(SEED);
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = reset(conf);
      try {
        await().atMost(DEADLINE).until(() -> !process.isAlive() || log().contains("begins anew"));
        // This is said before the first thing is done, so that the kill comes anywhere after it.
        boolean ended = process.waitFor(random.nextInt(4_000), TimeUnit.MILLISECONDS);
        assertThat(ended).as(log()).isFalse();
      } finally {
        process.destroyForcibly().waitFor();
      }
      send(5, SECOND_HOUR);
      assertThat(count()).as("seed %d, kill %d", SEED, kill).isLessThanOrEqualTo(sent);
      awaitNobody();
    }
    try (StreamDriver driver = stream(Beginning.CONTINUE)) {
      // Else no reset had come far enough to be worth the name.
      assertThat(driver.status().applicationId()).matches(".*-g[0-9]+");
      awaitCount(sent);
      assertThat(driver.failure()).isNull();
    }
  }

  private Process reset(Path conf) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "stream",
            Orders.class.getName(),
            "--reset",
            "--from",
            "earliest",
            "--yes",
            "--config",
            conf.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("reset.log").toFile())
        .start();
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("reset.log"));
  }

  /** Until the broker has forgotten the process that was killed. */
  private void awaitNobody() {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()))) {
      await()
          .atMost(DEADLINE)
          .until(
              () -> {
                List<String> groups =
                    admin.listGroups().all().get().stream()
                        .map(GroupListing::groupId)
                        .filter(group -> group.startsWith("s-orders-"))
                        .toList();
                return admin.describeConsumerGroups(groups).all().get().values().stream()
                    .allMatch(group -> group.members().isEmpty());
              });
    }
  }
}
