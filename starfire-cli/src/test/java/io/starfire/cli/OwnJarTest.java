package io.starfire.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.api.Pipeline;
import io.starfire.common.StarfireVersion;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.serving.server.ServerSettings;
import io.starfire.serving.server.StandaloneServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project outside this repository: its jar goes wherever a pipeline of Starfire's goes. */
class OwnJarTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String HOUR = "2026-11-20T10/PT1H";

  private static final Map<Process, Path> OUTPUTS = new ConcurrentHashMap<>();

  @TempDir private static Path directory;
  private static OwnProject project;
  private static Path jar;

  @BeforeAll
  static void build() throws IOException {
    project = OwnProject.compiled(directory);
    jar = project.jar(directory.resolve("own.jar"), StarfireVersion.number());
  }

  @Test
  void theStreamTheArchiverAndABatchRunTakeIt() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      kafka.createTopic("orders", 1);
      send(kafka, order("o1", "Oslo", 10), order("o1", "Oslo", 10), order("o2", "Rome", 5));
      try (StandaloneServer server =
          StandaloneServer.start(
              ServerSettings.of(StarfireConfig.fromMap(config(kafka, 0))).withPort(0))) {
        Path config = write(config(kafka, server.port()));
        Process stream = process("stream", OwnProject.PIPELINE, "--config", config.toString());
        Process archiver = process("archive", OwnProject.PIPELINE, "--config", config.toString());
        try {
          awaitAmounts(server, stream, Map.of("Oslo", "1 for 10.0", "Rome", "1 for 5.0"));
          await("the archive")
              .atMost(LIMIT)
              .untilAsserted(() -> assertThat(archived()).as(said(archiver)).isPositive());
        } finally {
          end(stream);
          end(archiver);
        }
        // The batch run reads a file that has one order more: so its rows are seen to be its own.
        Path file =
            Files.write(
                directory.resolve("orders.json"),
                List.of(order("o1", "Oslo", 10), order("o2", "Rome", 5), order("o3", "Rome", 7)));
        Said batch =
            Said.by(
                "batch",
                OwnProject.PIPELINE,
                "--jar",
                jar.toString(),
                "--interval",
                HOUR,
                "--config",
                config.toString(),
                "-Dstarfire.sources.orders.batch.paths=" + file);
        assertThat(batch.exitCode()).as(batch.out() + batch.err()).isZero();
        awaitAmounts(server, stream, Map.of("Oslo", "1 for 10.0", "Rome", "2 for 12.0"));
      }
    }
  }

  @Test
  void explainTakesIt() {
    Said said = explain(OwnProject.PIPELINE, jar);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("orders_by_city");
  }

  @Test
  void aJarThatCannotBeRightIsRefusedByName() throws IOException {
    Path none = directory.resolve("none.jar");
    explain(OwnProject.PIPELINE, none).refused(2, none.toString(), "does not exist");

    Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
    explain(OwnProject.PIPELINE, text).refused(2, text.toString(), "is no jar");

    Path old = project.jar(directory.resolve("old.jar"), "0.0.9");
    explain(OwnProject.PIPELINE, old)
        .refused(
            2,
            old.toString(),
            "was built for Starfire 0.0.9",
            "this is Starfire " + StarfireVersion.number());

    Path fat = project.jar(directory.resolve("fat.jar"), StarfireVersion.number(), Pipeline.class);
    explain(OwnProject.PIPELINE, fat)
        .refused(2, fat.toString(), "has its own copy of Starfire", "'provided'");

    Said batch =
        Said.by(
            "batch",
            OwnProject.PIPELINE,
            "--jar",
            fat.toString(),
            "--interval",
            HOUR,
            "--config",
            write(Map.of()).toString());
    batch.refused(2, fat.toString(), "has its own copy of Starfire");
  }

  @Test
  void aClassThatTheJarDoesNotHaveIsRefusedWithWhatItHas() {
    explain("com.example.Missing", jar)
        .refused(2, "'com.example.Missing' was not found in " + jar, "the right jar");
    explain("org.example.Orders", jar)
        .refused(
            2,
            "'org.example.Orders' was not found in " + jar,
            "which has '%s'".formatted(OwnProject.PIPELINE));
  }

  @Test
  void aClassThatWasCompiledAgainstOtherClassesIsRefused() throws IOException {
    // As if a later Starfire had no such record: the class of the events is missing from the jar.
    Path torn = Files.copy(jar, directory.resolve("torn.jar"));
    try (FileSystem inside = FileSystems.newFileSystem(torn)) {
      Files.delete(inside.getPath("com", "example", "Orders$Order.class"));
    }
    explain(OwnProject.PIPELINE, torn)
        .refused(
            2,
            "'%s' does not fit what it runs with".formatted(OwnProject.PIPELINE),
            "build it for Starfire " + StarfireVersion.number());
  }

  private static Said explain(String pipeline, Path jar) {
    return Said.by("explain", pipeline, "--driver", "stream", "--jar", jar.toString());
  }

  private static Map<String, String> config(EmbeddedKafka kafka, int port) {
    Map<String, String> values = new TreeMap<>();
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.kafka.replication-factor", "1");
    values.put("starfire.sources.orders.topic", "orders");
    values.put("starfire.stream.partitions", "1");
    values.put("starfire.stream.port", "-1");
    values.put("starfire.stream.state-dir", directory.resolve("state").toString());
    values.put("starfire.archive.root", directory.resolve("archive").toString());
    values.put("starfire.archive.port", "-1");
    values.put("starfire.archive.roll-interval", "1s");
    values.put("starfire.batch.work-dir", directory.resolve("work").toString());
    values.put("starfire.server.coordinator-url", "http://127.0.0.1:" + port);
    values.put("starfire.server.data-dir", directory.resolve("server").toString());
    values.put("starfire.deep-storage.root", directory.resolve("deep").toString());
    return values;
  }

  private static Path write(Map<String, String> values) throws IOException {
    List<String> lines = new ArrayList<>();
    values.forEach((key, value) -> lines.add("%s = \"%s\"".formatted(key, value)));
    return Files.write(Files.createTempFile(directory, "own", ".conf"), lines);
  }

  private static String order(String id, String city, int amount) {
    return "{\"orderId\":\"%s\",\"orderedAt\":\"2026-11-20T10:00:00Z\",\"city\":\"%s\",\"amount\":%d}"
        .formatted(id, city, amount);
  }

  private static void send(EmbeddedKafka kafka, String... orders) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String order : orders) {
        producer.send(new ProducerRecord<>("orders", order.getBytes(UTF_8))).get();
      }
    }
  }

  /** {@code bin/starfire} with the jar, as a process of its own. */
  private static Process process(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.net.preferIPv4Stack=true",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--jar", jar.toString()));
    Path output = Files.createTempFile(directory, arguments[0], ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    OUTPUTS.put(process, output);
    return process;
  }

  private static String said(Process process) throws IOException {
    return Files.readString(OUTPUTS.get(process));
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  /** How many files of events the archive lists. */
  private static long archived() throws IOException {
    Path archive = directory.resolve("archive");
    if (!Files.exists(archive)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(archive)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  private static void awaitAmounts(
      StandaloneServer server, Process stream, Map<String, String> expected) {
    String query =
        """
        {"queryType":"groupBy","dataSource":"orders_by_city","granularity":"all",
         "intervals":["2026-11-20/2026-11-21"],"dimensions":["city"],
         "aggregations":[{"type":"longSum","name":"orders","fieldName":"orders"},
         {"type":"doubleSum","name":"amount","fieldName":"amount"}]}\
        """;
    HttpClient http = HttpClient.newHttpClient();
    await("the rows")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              String body =
                  http.send(
                          HttpRequest.newBuilder(
                                  URI.create(
                                      "http://127.0.0.1:%d/druid/v2".formatted(server.port())))
                              .header("Content-Type", "application/json")
                              .POST(BodyPublishers.ofString(query))
                              .build(),
                          BodyHandlers.ofString())
                      .body();
              assertThat(amounts(body)).as(said(stream)).isEqualTo(expected);
            });
  }

  private static Map<String, String> amounts(String body) throws IOException {
    Map<String, String> amounts = new TreeMap<>();
    for (JsonNode row : new ObjectMapper().readTree(body)) {
      JsonNode event = row.path("event");
      amounts.put(
          event.path("city").asText(),
          "%s for %s".formatted(event.path("orders"), event.path("amount")));
    }
    return amounts;
  }
}
