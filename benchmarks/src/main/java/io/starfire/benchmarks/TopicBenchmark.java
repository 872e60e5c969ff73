package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.benchmarks.process.Child;
import io.starfire.benchmarks.process.Machine;
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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * JSON rows of some 370 bytes in one partition, read by a server in a process of its own: from the
 * supervisor's spec until a count sees all rows, then from its suspension until all are handed off.
 */
@Command(
    name = "topic",
    description =
        "JSON rows from Kafka: visible rows a second and core, resident memory, hand-off.",
    mixinStandardHelpOptions = true)
final class TopicBenchmark implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long LOOK_NANOS = 50_000_000;
  private static final double NANOS = 1e9;

  @Option(names = "--rows", defaultValue = "2000000", description = "Rows (${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--heap", defaultValue = "1g", description = "Of the server (${DEFAULT-VALUE}).")
  private String heap;

  @Spec private CommandSpec spec;

  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper mapper = JsonMapper.builder().build();
  private String url;

  @Override
  public Integer call() throws IOException {
    try (WorkDirectory work = new WorkDirectory();
        EmbeddedKafka kafka = EmbeddedKafka.start(work.directory("kafka"))) {
      long bytes = KafkaLines.send(kafka, seed, rows);
      int port = freePort();
      url = "http://127.0.0.1:" + port;
      try (Child server = server(work, kafka, port)) {
        await("the server", server, () -> isUp());
        measure(kafka, server, bytes, work.directory("server").resolve("deep"));
      }
    }
    return 0;
  }

  private void measure(EmbeddedKafka kafka, Child server, long bytes, Path deep)
      throws IOException {
    Duration cpuBefore = server.cpu();
    long start = System.nanoTime();
    post("/druid/indexer/v1/supervisor", KafkaLines.supervisor(kafka));
    await("the first row", server, () -> count() > 0);
    long first = System.nanoTime();
    await("all rows", server, () -> count() >= rows);
    long all = System.nanoTime();
    double cpu = server.cpu().minus(cpuBefore).toMillis() / 1e3;
    long peak = server.peakBytes();
    post("/druid/indexer/v1/supervisor/%s/suspend".formatted(KafkaLines.TOPIC), "");
    await("the hand-off", server, () -> handedOff() >= rows);
    long handedOff = System.nanoTime();
    Table table = new Table(spec.commandLine().getOut());
    table.row("machine", Machine.load());
    table.row("rows, bytes of JSON each", "%,d, %d".formatted(rows, bytes / rows));
    table.row("first row visible after, s", seconds(first - start));
    table.row("all rows visible after, s", seconds(all - start));
    table.row(
        "rows a second, from the first to the last",
        "%,.0f".formatted(rows / ((all - first) / NANOS)));
    table.row("CPU seconds of the server until then", "%.1f".formatted(cpu));
    table.row("rows per second of CPU time", "%,.0f".formatted(rows / cpu));
    table.row("peak resident memory of the server, MB", Long.toString(peak >> 20));
    table.row("handed off after, s", seconds(handedOff - all));
    table.row(
        "peak resident memory of the server after that, MB",
        Long.toString(server.peakBytes() >> 20));
    table.row("bytes stored", "%,d".formatted(storedBytes(deep)));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / NANOS);
  }

  private Child server(WorkDirectory work, EmbeddedKafka kafka, int port) throws IOException {
    Path directory = work.directory("server");
    return Child.start(
        "server",
        List.of(
            "-Xms256m",
            "-Xmx" + heap,
            "-XX:+UseG1GC",
            "-Djava.net.preferIPv4Stack=true",
            "-Dstarfire.home=" + System.getProperty("starfire.home")),
        System.getProperty("java.class.path"),
        "io.starfire.cli.Main",
        List.of(
            "server",
            "-Dstarfire.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
            "-Dstarfire.server.port=" + port,
            "-Dstarfire.server.coordinator-url=" + url,
            "-Dstarfire.server.data-dir=" + directory.resolve("data"),
            "-Dstarfire.deep-storage.root=" + directory.resolve("deep")),
        directory);
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

  private long count() {
    JsonNode answer =
        post(
            "/druid/v2",
            """
            {"queryType":"timeseries","dataSource":"lines","granularity":"all",
             "intervals":["1900-01-01/2100-01-01"],
             "aggregations":[{"type":"longSum","name":"n","fieldName":"count"}]}
            """);
    return answer == null || answer.isEmpty() ? 0 : answer.get(0).at("/result/n").asLong();
  }

  private long handedOff() {
    JsonNode status =
        send(request("/druid/indexer/v1/supervisor/%s/status".formatted(KafkaLines.TOPIC)).GET());
    long offsets = 0;
    for (JsonNode offset : status.path("payload").path("committedOffsets")) {
      offsets += offset.asLong();
    }
    return offsets;
  }

  private static long storedBytes(Path deep) throws IOException {
    try (Stream<Path> files = Files.walk(deep)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
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

  private static void await(String what, Child server, Callable<Boolean> isThere) {
    long start = System.nanoTime();
    try {
      while (!isThere.call()) {
        server.check();
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw new StarfireException(
              ErrorCode.TIMEOUT,
              "%s did not come within %s; %s".formatted(what, LIMIT, server.tail()));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new StarfireException(ErrorCode.INTERNAL, "%s: %s".formatted(what, e), e);
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
}
