package io.starfire.archiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchivedHeaders;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiverTest {
  private static final long NOW = Times.parse("2026-11-20T10:30:00Z");

  @TempDir private static Path directory;

  private static EmbeddedKafka kafka;

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

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  private static StarfireConfig config(String topic, Map<String, String> more) {
    Map<String, String> values = new HashMap<>();
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.archive.root", root(topic).toString());
    values.put("starfire.archive.roll-interval", "200ms");
    values.put("starfire.archive.completeness-interval", "100ms");
    values.put("starfire.archive.port", "-1");
    values.put("starfire.sources.visits.topic", topic);
    values.putAll(more);
    return StarfireConfig.fromMap(values);
  }

  private static Path root(String topic) {
    return directory.resolve("archive-" + topic);
  }

  private static Archiver start(String topic, Map<String, String> more) {
    return Archiver.start(
        ArchiverOptions.of(
            Visits.class.getName(), Visits.class.getClassLoader(), config(topic, more)));
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static String visit(String at, String page) {
    return "{\"at\":\"%s\",\"page\":\"%s\"}".formatted(at, page);
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, int partition, String value)
      throws Exception {
    byte[] bytes = value == null ? null : value.getBytes(UTF_8);
    producer.send(new ProducerRecord<>(topic, partition, NOW, null, bytes)).get();
  }

  private static void await(Archiver archiver, BooleanSupplier condition)
      throws InterruptedException {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - startNanos)
          .as(() -> archiver.status().toString())
          .isLessThan(Duration.ofSeconds(20).toNanos());
      assertThat(archiver.awaitEnd(Duration.ofMillis(20)))
          .as(() -> archiver.status().toString())
          .isFalse();
    }
  }

  private static long listed(Archiver archiver, String topic) {
    return archiver.status().listed().get(topic).values().stream().mapToLong(Long::longValue).sum();
  }

  private static List<ManifestEntry> entries(String topic, int partition) throws IOException {
    Path manifest = root(topic).resolve(ArchiveLayout.manifestDirectory(topic, partition));
    List<ManifestEntry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(manifest)) {
      for (Path file : files.sorted().toList()) {
        assertThat(ArchiveLayout.isListed(file.getFileName().toString())).isTrue();
        entries.add(ManifestEntry.fromJson(Files.readString(file)));
      }
    }
    return entries;
  }

  private static List<Group> rows(String topic, int partition) throws IOException {
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

  private static List<Long> offsets(String topic, int partition) throws IOException {
    return rows(topic, partition).stream()
        .map(row -> row.getLong(ArchiveLayout.OFFSET, 0))
        .toList();
  }

  private static List<Long> range(long count) {
    return LongStream.range(0, count).boxed().toList();
  }

  @Test
  void aTimestampThatCannotBeUsedLetsNoEventTimePass() throws Exception {
    kafka.createTopic(
        "stamps", 1, Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)));
    long before = System.currentTimeMillis();
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        Archiver archiver = start("stamps", Map.of())) {
      for (long timestamp : new long[] {0, Instant.parse("9999-12-31T00:00:00Z").toEpochMilli()}) {
        for (String at : List.of("9999-12-31T00:00Z", "2026-11-20T10:01Z")) {
          byte[] value = visit(at, "/").getBytes(UTF_8);
          producer.send(new ProducerRecord<>("stamps", 0, timestamp, null, value)).get();
        }
      }
      await(archiver, () -> listed(archiver, "stamps") == 4);
    }
    List<Group> rows = rows("stamps", 0);
    assertThat(rows)
        .extracting(row -> row.getFieldRepetitionCount(ArchiveLayout.EVENT_TIME))
        .containsExactly(0, 1, 0, 1);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.getLong(ArchiveLayout.READ_AT, 0))
                    .isBetween(before, System.currentTimeMillis()));
  }

  @Test
  void recordsAreKeptAsTheyCameAndListedWithTheirEventHours() throws Exception {
    kafka.createTopic("raw", 2);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        Archiver archiver = start("raw", Map.of("starfire.archive.port", "0"))) {
      ProducerRecord<byte[], byte[]> full =
          new ProducerRecord<>(
              "raw",
              0,
              NOW,
              "key".getBytes(UTF_8),
              visit("2026-11-20T10:01Z", "/").getBytes(UTF_8));
      full.headers().add("trace", "1".getBytes(UTF_8));
      producer.send(full).get();
      send(producer, "raw", 0, visit("2026-11-20T09:59:59.999Z", "/"));
      send(producer, "raw", 0, "no JSON");
      send(producer, "raw", 0, null);
      send(producer, "raw", 1, visit("2026-11-20T10:30:00Z", "/"));
      await(archiver, () -> listed(archiver, "raw") == 5);
      await(archiver, () -> archiver.status().completeUpToMillis() > 0);
      HttpResponse<String> metrics =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + archiver.port() + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(metrics.body()).contains("starfire_archive_rows_total 5.0");
    }
    Map<String, Long> hours = new HashMap<>();
    long untimed = 0;
    for (ManifestEntry entry : entries("raw", 0)) {
      entry.rowsPerEventHour().forEach((hour, rows) -> hours.merge(hour, rows, Long::sum));
      untimed += entry.rowsWithoutEventTime();
      assertThat(entry.maxRecordTimestamp()).isEqualTo(NOW);
    }
    assertThat(hours)
        .isEqualTo(Map.of("2026-11-20T09:00:00.000Z", 1L, "2026-11-20T10:00:00.000Z", 1L));
    assertThat(untimed).isEqualTo(2);
    List<Group> rows = rows("raw", 0);
    Group first = rows.get(0);
    assertThat(first.getString(ArchiveLayout.TOPIC, 0)).isEqualTo("raw");
    assertThat(first.getInteger(ArchiveLayout.PARTITION, 0)).isZero();
    assertThat(first.getLong(ArchiveLayout.TIMESTAMP, 0)).isEqualTo(NOW);
    assertThat(first.getBinary(ArchiveLayout.KEY, 0).getBytes()).isEqualTo("key".getBytes(UTF_8));
    assertThat(first.getLong(ArchiveLayout.EVENT_TIME, 0))
        .isEqualTo(Times.parse("2026-11-20T10:01Z"));
    assertThat(
            ArchivedHeaders.decode(first.getBinary(ArchiveLayout.HEADERS, 0).getBytes())
                .get(0)
                .name())
        .isEqualTo("trace");
    assertThat(rows.get(2).getBinary(ArchiveLayout.VALUE, 0).getBytes())
        .isEqualTo("no JSON".getBytes(UTF_8));
    assertThat(rows.get(3).getFieldRepetitionCount(ArchiveLayout.VALUE)).isZero();
  }

  @Test
  void aRestartGoesOnAtTheEndOfTheManifestAndIgnoresWhatACrashLeft() throws Exception {
    kafka.createTopic("again", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (int i = 0; i < 10; i++) {
        send(producer, "again", 0, visit("2026-11-20T10:01Z", "/" + i));
      }
      try (Archiver archiver = start("again", Map.of())) {
        await(archiver, () -> listed(archiver, "again") == 10);
      }
      // As after a crash between writing a file and listing it.
      List<ManifestEntry> listed = entries("again", 0);
      ManifestEntry last = listed.get(listed.size() - 1);
      Files.delete(
          root("again").resolve(ArchiveLayout.manifestEntry("again", 0, last.startOffset())));
      Files.writeString(root("again").resolve("again/0-0-x.tmp"), "half a file");
      for (int i = 10; i < 20; i++) {
        send(producer, "again", 0, visit("2026-11-20T10:01Z", "/" + i));
      }
      try (Archiver archiver = start("again", Map.of())) {
        await(archiver, () -> listed(archiver, "again") == 20);
      }
    }
    assertThat(offsets("again", 0)).isEqualTo(range(20));
  }

  @Test
  void twoArchiversListNoOffsetTwice() throws Exception {
    kafka.createTopic("two", 1);
    Map<String, String> often = Map.of("starfire.archive.roll-interval", "1ms");
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        Archiver one = start("two", often);
        Archiver other = start("two", often)) {
      for (int i = 0; i < 300; i++) {
        send(producer, "two", 0, visit("2026-11-20T10:01Z", "/" + i));
      }
      await(one, () -> listed(one, "two") == 300 || listed(other, "two") == 300);
    }
    assertThat(offsets("two", 0)).isEqualTo(range(300));
  }

  @Test
  void anOpenTransactionIsNotComplete() throws Exception {
    kafka.createTopic("open", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "archived"));
        Archiver archiver = start("open", Map.of())) {
      producer.initTransactions();
      await(archiver, () -> archiver.status().completeUpToMillis() > 0);
      producer.beginTransaction();
      send(producer, "open", 0, visit("2026-11-20T10:01Z", "/"));
      await(archiver, () -> archiver.status().lag().get("open") > 0);
      long before = archiver.status().completeUpToMillis();
      assertThat(archiver.awaitEnd(Duration.ofMillis(600))).isFalse();
      assertThat(archiver.status().completeUpToMillis()).isEqualTo(before);
      producer.abortTransaction();
      await(archiver, () -> archiver.status().completeUpToMillis() > before);
    }
    assertThat(rows("open", 0)).isEmpty();
    try (Stream<Path> marks = Files.list(root("open").resolve(ArchiveLayout.COMPLETE))) {
      Completeness last =
          Completeness.fromJson(Files.readString(marks.sorted().reduce((a, b) -> b).orElseThrow()));
      assertThat(entries("open", 0).get(entries("open", 0).size() - 1).endOffset())
          .isGreaterThanOrEqualTo(last.endOffsets().get("open").get(0))
          .isEqualTo(2);
    }
  }

  @Test
  void recordsThatWereDeletedBeforeTheyWereArchivedAreReportedWithTheirRange() throws Exception {
    kafka.createTopic("lost", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (int i = 0; i < 3; i++) {
        send(producer, "lost", 0, visit("2026-11-20T10:01Z", "/" + i));
      }
      try (Archiver archiver = start("lost", Map.of())) {
        await(archiver, () -> listed(archiver, "lost") == 3);
      }
      for (int i = 0; i < 7; i++) {
        send(producer, "lost", 0, visit("2026-11-20T10:01Z", "/" + i));
      }
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .deleteRecords(Map.of(new TopicPartition("lost", 0), RecordsToDelete.beforeOffset(8)))
          .all()
          .get();
    }
    assertThatThrownBy(() -> start("lost", Map.of()))
        .hasMessageStartingWith(
            "data loss: offsets 3 to 7 of topic 'lost' partition 0 were deleted before they were archived");
  }

  @Test
  void whatCannotStartSaysWhy() {
    assertThatThrownBy(() -> start("missing", Map.of()))
        .hasMessage(
            "topic 'missing', which is to be archived, does not exist; create it, or correct starfire.sources");
    assertThatThrownBy(
            () -> start("missing", Map.of("starfire.archive.root", "s3a://bucket/archive")))
        .hasMessageStartingWith("the archiver cannot write to s3a://bucket/archive");
  }
}
