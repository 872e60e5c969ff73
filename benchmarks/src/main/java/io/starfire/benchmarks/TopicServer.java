package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.benchmarks.process.Child;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A server in a process of its own that reads topics by supervisor specs, spoken to over HTTP. Used
 * by one thread.
 */
final class TopicServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long LOOK_NANOS = 50_000_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final EmbeddedKafka kafka;
  private final Path directory;
  private final String url;
  private final Child process;

  private TopicServer(EmbeddedKafka kafka, Path directory, String url, Child process) {
    this.kafka = kafka;
    this.directory = directory;
    this.url = url;
    this.process = process;
  }

  /**
   * Starts one and waits until it is healthy.
   *
   * @param jvmOptions beside those of {@code bin/starfire}
   */
  static TopicServer start(
      EmbeddedKafka kafka, Path directory, String heap, List<String> jvmOptions)
      throws IOException {
    String url = "http://127.0.0.1:" + freePort();
    List<String> options =
        new ArrayList<>(
            List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:InitialHeapSize=256m",
                "-XX:MinHeapSize=64m",
                "-Xmx" + heap,
                "-XX:+UseG1GC",
                "-XX:G1PeriodicGCInterval=15000",
                "-Djava.net.preferIPv4Stack=true",
                "-Dstarfire.home=" + System.getProperty("starfire.home")));
    options.addAll(jvmOptions);
    Child process =
        Child.start(
            "server",
            options,
            System.getProperty("java.class.path"),
            "io.starfire.cli.Main",
            List.of(
                "server",
                "-Dstarfire.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "-Dstarfire.server.port=" + URI.create(url).getPort(),
                "-Dstarfire.server.coordinator-url=" + url,
                "-Dstarfire.server.data-dir=" + directory.resolve("data"),
                "-Dstarfire.deep-storage.root=" + directory.resolve("deep")),
            directory);
    TopicServer server = new TopicServer(kafka, directory, url, process);
    server.await("the server", server::isUp);
    return server;
  }

  Child process() {
    return process;
  }

  /** Has a topic of {@link KafkaLines} read into the data source of its name. */
  void read(String topic) {
    JsonNode unused =
        post(
            "/druid/indexer/v1/supervisor", KafkaLines.supervisor(topic, kafka.bootstrapServers()));
  }

  void suspend(String topic) {
    JsonNode unused = post("/druid/indexer/v1/supervisor/%s/suspend".formatted(topic), "");
  }

  /** How many rows a count sees. */
  long count(String dataSource) {
    JsonNode answer =
        post(
            "/druid/v2",
            """
            {"queryType":"timeseries","dataSource":"%s","granularity":"all",
             "intervals":["1900-01-01/2100-01-01"],
             "aggregations":[{"type":"longSum","name":"n","fieldName":"count"}]}
            """
                .formatted(dataSource));
    return answer == null || answer.isEmpty() ? 0 : answer.get(0).at("/result/n").asLong();
  }

  /** How many records are committed. */
  long handedOff(String topic) {
    JsonNode status =
        send(request("/druid/indexer/v1/supervisor/%s/status".formatted(topic)).GET());
    long offsets = 0;
    for (JsonNode offset : status.path("payload").path("committedOffsets")) {
      offsets += offset.asLong();
    }
    return offsets;
  }

  /** Bytes of the segments in deep storage. */
  long storedBytes() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("deep"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Waits until something is there, and looks twenty times a second. */
  void await(String what, Callable<Boolean> isThere) {
    long start = System.nanoTime();
    try {
      while (!isThere.call()) {
        process.check();
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw new StarfireException(
              ErrorCode.TIMEOUT,
              "%s did not come within %s; %s".formatted(what, LIMIT, process.tail()));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new StarfireException(ErrorCode.INTERNAL, "%s: %s".formatted(what, e), e);
    }
  }

  private boolean isUp() {
    try {
      return client
              .send(request("/status/health").GET().build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private JsonNode post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Content-Type", "application/json");
  }

  /** The answer; null if what was asked about does not exist yet. */
  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      if (response.statusCode() == 404) {
        return null;
      }
      JsonNode answer = mapper.readTree(response.body());
      if (response.statusCode() >= 300) {
        throw new StarfireException(
            ErrorCode.UNAVAILABLE,
            "the server answered with status %d: %s".formatted(response.statusCode(), answer));
      }
      return answer;
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "the server does not answer: " + e, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static StarfireException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StarfireException(ErrorCode.CANCELED, "interrupted", e);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
