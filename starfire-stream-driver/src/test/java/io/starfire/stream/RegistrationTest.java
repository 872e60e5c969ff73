package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream does at its start about a coordinator that is there, away, or refuses. */
final class RegistrationTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir private static Path directory;

  private static StreamBench bench;

  @BeforeAll
  static void startBroker() {
    bench = new StreamBench(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    bench.close();
  }

  /** Answers every request alike. */
  private static final class Coordinator implements AutoCloseable {
    private static final String UNKNOWN =
        "{\"errorCode\":\"NOT_FOUND\",\"errorMessage\":\"there is no such data source\"}";

    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final int status;
    private final String body;

    Coordinator(int port, int status, String body) throws IOException {
      this.status = status;
      this.body = body;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      var unused = server.createContext("/", this::answer);
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        boolean isFeed = exchange.getRequestURI().getPath().endsWith("/feed");
        byte[] bytes = (isFeed ? UNKNOWN : body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(isFeed ? 404 : status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static StarfireConfig config(String prefix, String url, Map<String, String> more) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "starfire.sources.impressions.topic",
                prefix + "-impressions",
                "starfire.sources.clicks.topic",
                prefix + "-clicks",
                "starfire.stream.register",
                "required",
                "starfire.server.coordinator-url",
                url));
    values.putAll(more);
    return bench.config(prefix, directory.resolve("state"), values);
  }

  private static void createTopics(String prefix) {
    bench.topic(prefix + "-impressions", 1);
    bench.topic(prefix + "-clicks", 1);
  }

  @Test
  void aCoordinatorThatIsAwayIsWaitedForIfItHasTakenTheDataSourcesBefore() throws Exception {
    createTopics("r");
    int port;
    try (Coordinator coordinator = new Coordinator(0, 200, "{}")) {
      port = coordinator.port();
    }
    String url = "http://127.0.0.1:" + port;
    assertThatThrownBy(() -> bench.start(Ads.Deduplicated.class, config("r", url, Map.of())))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("data source 'ad_events' is not registered: no Starfire server");
    try (Coordinator coordinator = new Coordinator(port, 200, "{}")) {
      bench.start(Ads.Deduplicated.class, config("r", url, Map.of())).close();
      assertThat(coordinator.requests).contains("POST /starfire/v1/datasources");
    }
    try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config("r", url, Map.of()))) {
      assertThat(driver.status().notice()).contains("the coordinator has not taken");
      try (Coordinator coordinator = new Coordinator(port, 200, "{}")) {
        await().atMost(DEADLINE).until(() -> driver.status().notice() == null);
        assertThat(coordinator.requests).contains("POST /starfire/v1/datasources");
      }
      assertThat(driver.failure()).isNull();
    }
  }

  @Test
  void aRefusalEndsTheStreamWithTheCoordinatorsSentenceAndIsNotTriedAgainForEver()
      throws Exception {
    createTopics("c");
    int port;
    try (Coordinator coordinator = new Coordinator(0, 200, "{}")) {
      port = coordinator.port();
    }
    Map<String, String> retried = Map.of("starfire.stream.register", "retried");
    try (StreamDriver driver =
        bench.start(Ads.Deduplicated.class, config("c", "http://127.0.0.1:" + port, retried))) {
      String refusal =
          "{\"errorCode\":\"CONFLICT\",\"errorMessage\":\"it is read from topic 'other'\"}";
      try (Coordinator coordinator = new Coordinator(port, 409, refusal)) {
        await().atMost(DEADLINE).until(() -> driver.failure() != null);
        assertThat(driver.failure().code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(driver.failure())
            .hasMessageContaining(
                "data source 'ad_events' is not registered: it is read from topic 'other'");
      }
    }
  }

  @Test
  void whatCannotWorkIsRefusedBeforeAnythingIsMade() throws Exception {
    createTopics("u");
    Map<String, Map<String, String>> refused =
        Map.of(
            "starfire.stream.commit-interval is 11000 ms and must be below the transactions'"
                + " timeout, which is 10000 ms",
            Map.of("starfire.stream.commit-interval", "11s"),
            "starfire.server.coordinator-url 'http://a b:1' is no address",
            Map.of("starfire.server.coordinator-url", "http://a b:1"),
            "starfire.stream or starfire.kafka.properties cannot be used: Invalid value x for"
                + " configuration fetch.min.bytes",
            Map.of("starfire.kafka.properties.\"fetch.min.bytes\"", "x"));
    for (Map.Entry<String, Map<String, String>> one : refused.entrySet()) {
      assertThatThrownBy(
              () ->
                  bench.start(
                      Ads.Deduplicated.class, config("u", "http://127.0.0.1:1", one.getValue())))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageStartingWith(one.getKey());
    }
    assertThat(topics()).noneMatch(topic -> topic.startsWith("u-deduplicated"));
  }

  private static List<String> topics() throws ExecutionException, InterruptedException {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", (Object) bench.bootstrapServers()))) {
      return List.copyOf(admin.listTopics().names().get());
    }
  }
}
