package io.starfire.archiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.awaitility.Awaitility;

/** Archivers of visits, and what they archive, on a broker that all tests of this JVM share. */
final class ArchiverRig {
  static final long NOW = Times.parse("2026-11-20T10:30:00Z");

  private ArchiverRig() {}

  record Visit(Instant at, String page) {}

  public static final class Visits implements Pipeline {
    @Override
    public void define(Flow flow) {
      flow.source("visits", Visit.class)
          .eventTime(Visit::at)
          .withoutIdentity()
          .to(DataSource.named("pages", Visit.class).dimensions("page").count("visits"));
    }
  }

  /** Starts with the first test that needs it, and stops with the JVM. */
  private static final class Shared {
    static final Path DIRECTORY = makeDirectory();
    static final EmbeddedKafka KAFKA =
        EmbeddedKafka.builder(DIRECTORY.resolve("kafka"))
            // A topic that is compacted is so at once.
            .property("log.cleaner.backoff.ms", "50")
            .start();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(Shared::stop, "archiver-rig"));
    }

    private static Path makeDirectory() {
      try {
        return Files.createTempDirectory("starfire-archiver-test-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void stop() {
      KAFKA.close();
      try (Stream<Path> files = Files.walk(DIRECTORY)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static String bootstrapServers() {
    return Shared.KAFKA.bootstrapServers();
  }

  static void createTopic(String topic, int partitions) {
    Shared.KAFKA.createTopic(topic, partitions);
  }

  static void createTopic(String topic, int partitions, Map<String, String> config) {
    Shared.KAFKA.createTopic(topic, partitions, config);
  }

  static StarfireConfig config(String topic, Map<String, String> more) {
    Map<String, String> values = new HashMap<>();
    values.put("starfire.kafka.bootstrap-servers", Shared.KAFKA.bootstrapServers());
    values.put("starfire.archive.root", root(topic).toString());
    values.put("starfire.archive.roll-interval", "20ms");
    values.put("starfire.archive.completeness-interval", "20ms");
    values.put("starfire.archive.missing-topic-timeout", "500ms");
    values.put("starfire.archive.port", "-1");
    values.put("starfire.sources.visits.topic", topic);
    values.putAll(more);
    return StarfireConfig.fromMap(values);
  }

  static Path root(String topic) {
    return Shared.DIRECTORY.resolve("archive-" + topic);
  }

  static Archiver start(String topic, Map<String, String> more) {
    return Archiver.start(
        ArchiverOptions.of(
            Visits.class.getName(), Visits.class.getClassLoader(), config(topic, more)));
  }

  static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", Shared.KAFKA.bootstrapServers());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static String visit(String at, String page) {
    return "{\"at\":\"%s\",\"page\":\"%s\"}".formatted(at, page);
  }

  static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, int partition, String value)
      throws Exception {
    byte[] bytes = value == null ? null : value.getBytes(UTF_8);
    producer.send(new ProducerRecord<>(topic, partition, NOW, null, bytes)).get();
  }

  static void await(Archiver archiver, BooleanSupplier condition) {
    Awaitility.await()
        .alias(archiver.status().toString())
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              assertThat(archiver.failure()).isNull();
              return condition.getAsBoolean();
            });
  }

  static StarfireException awaitFailure(Archiver archiver) throws InterruptedException {
    assertThat(archiver.awaitEnd(Duration.ofSeconds(30))).isTrue();
    assertThat(archiver.status().state()).isEqualTo(ArchiverStatus.State.FAILED);
    return archiver.failure();
  }

  static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", Shared.KAFKA.bootstrapServers()));
  }

  /** The id of the topic that the archive lists; the first, if there are several. */
  static String topicId(String topic) throws IOException {
    return new ArchiveManifest(ArchiveFiles.of(root(topic).toString(), Map.of()))
        .topics(topic)
        .get(0)
        .topicId();
  }

  static Completeness lastMark(String topic) throws IOException {
    return new ArchiveManifest(ArchiveFiles.of(root(topic).toString(), Map.of()))
        .latestCompleteness(topic)
        .orElseThrow();
  }

  static long listed(Archiver archiver, String topic) {
    return archiver.status().listed().get(topic).values().stream().mapToLong(Long::longValue).sum();
  }

  static List<ManifestEntry> entries(String topic, int partition) throws IOException {
    Path manifest =
        root(topic).resolve(ArchiveLayout.manifestDirectory(topic, topicId(topic), partition));
    List<ManifestEntry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(manifest)) {
      for (Path file : files.sorted().toList()) {
        assertThat(ArchiveLayout.isListed(file.getFileName().toString())).isTrue();
        entries.add(ManifestEntry.fromJson(Files.readString(file)));
      }
    }
    return entries;
  }

  static List<Group> rows(String topic, int partition) throws IOException {
    List<Group> rows = new ArrayList<>();
    for (ManifestEntry entry : entries(topic, partition)) {
      int before = rows.size();
      try (ParquetReader<Group> reader =
          ParquetReader.builder(
                  new GroupReadSupport(),
                  new org.apache.hadoop.fs.Path(root(topic).resolve(entry.file()).toUri()))
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          rows.add(row);
        }
      }
      assertThat(rows.size() - before).isEqualTo(entry.rows());
    }
    return rows;
  }

  static List<Long> offsets(String topic, int partition) throws IOException {
    return rows(topic, partition).stream()
        .map(row -> row.getLong(ArchiveLayout.OFFSET, 0))
        .toList();
  }

  static List<Long> range(long count) {
    return LongStream.range(0, count).boxed().toList();
  }
}
