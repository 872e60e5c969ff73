package io.starfire.archiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ArchivedHeaders;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicRange;
import io.starfire.common.StarfireException;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.awaitility.Awaitility;
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

  private static void await(Archiver archiver, BooleanSupplier condition) {
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

  private static StarfireException awaitFailure(Archiver archiver) throws InterruptedException {
    assertThat(archiver.awaitEnd(Duration.ofSeconds(30))).isTrue();
    assertThat(archiver.status().state()).isEqualTo(ArchiverStatus.State.FAILED);
    return archiver.failure();
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  /** The id of the topic that the archive lists; the first, if there are several. */
  private static String topicId(String topic) throws IOException {
    return new ArchiveManifest(ArchiveFiles.of(root(topic).toString(), Map.of()))
        .topics(topic)
        .get(0)
        .topicId();
  }

  private static Completeness lastMark(String topic) throws IOException {
    return new ArchiveManifest(ArchiveFiles.of(root(topic).toString(), Map.of()))
        .latestCompleteness(topic)
        .orElseThrow();
  }

  private static long listed(Archiver archiver, String topic) {
    return archiver.status().listed().get(topic).values().stream().mapToLong(Long::longValue).sum();
  }

  private static List<ManifestEntry> entries(String topic, int partition) throws IOException {
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
    long before = InstantSource.system().millis();
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
                    .isBetween(before, InstantSource.system().millis()));
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
          root("again")
              .resolve(
                  ArchiveLayout.manifestEntry("again", topicId("again"), 0, last.startOffset())));
      Files.writeString(
          root("again")
              .resolve(ArchiveLayout.dataDirectory("again", topicId("again")))
              .resolve("0-0-x.tmp"),
          "half a file");
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
    OffsetRange marked = lastMark("open").topics().get("open").get(0).partitions().get(0);
    assertThat(entries("open", 0).get(entries("open", 0).size() - 1).endOffset())
        .isGreaterThanOrEqualTo(marked.end())
        .isPositive();
  }

  @Test
  void partitionsThatAreAddedBehindAnOpenTransactionAreArchivedAtOnce() throws Exception {
    kafka.createTopic("hanging", 1);
    try (Admin admin = admin();
        KafkaProducer<byte[], byte[]> open = producer(Map.of("transactional.id", "hanging"));
        KafkaProducer<byte[], byte[]> producer = producer(Map.of("metadata.max.age.ms", 200));
        Archiver archiver = start("hanging", Map.of())) {
      open.initTransactions();
      await(archiver, () -> archiver.status().completeUpToMillis() > 0);
      open.beginTransaction();
      send(open, "hanging", 0, visit("2026-11-20T10:01Z", "/"));
      await(archiver, () -> archiver.status().lag().get("hanging") > 0);
      admin.createPartitions(Map.of("hanging", NewPartitions.increaseTo(2))).all().get();
      send(producer, "hanging", 1, visit("2026-11-20T10:02Z", "/"));
      await(archiver, () -> listed(archiver, "hanging") == 1);
      long before = archiver.status().completeUpToMillis();
      open.commitTransaction();
      await(archiver, () -> archiver.status().completeUpToMillis() > before);
    }
    assertThat(offsets("hanging", 1)).isEqualTo(range(1));
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
    try (Admin admin = admin()) {
      admin
          .deleteRecords(Map.of(new TopicPartition("lost", 0), RecordsToDelete.beforeOffset(8)))
          .all()
          .get();
    }
    assertThatThrownBy(() -> start("lost", Map.of()))
        .hasMessageStartingWith(
            "data loss: offsets 3 to 7 of topic 'lost' partition 0 were deleted before they were"
                + " archived");
  }

  @Test
  void whatCannotStartSaysWhy() {
    assertThatThrownBy(() -> start("missing", Map.of()))
        .hasMessage(
            "topic 'missing', which is to be archived, does not exist; create it, or correct"
                + " starfire.sources");
    assertThatThrownBy(
            () -> start("missing", Map.of("starfire.archive.root", "s3a://bucket/archive")))
        .hasMessageStartingWith("the archiver cannot write to s3a://bucket/archive");
  }

  @Test
  void partitionsThatAreAddedAreArchivedAndNamedInTheMarks() throws Exception {
    kafka.createTopic("grown", 1);
    try (Admin admin = admin();
        KafkaProducer<byte[], byte[]> producer = producer(Map.of("metadata.max.age.ms", 200))) {
      send(producer, "grown", 0, visit("2026-11-20T10:01Z", "/"));
      try (Archiver archiver = start("grown", Map.of())) {
        await(archiver, () -> listed(archiver, "grown") == 1);
        admin.createPartitions(Map.of("grown", NewPartitions.increaseTo(2))).all().get();
        send(producer, "grown", 1, visit("2026-11-20T10:02Z", "/"));
        await(archiver, () -> listed(archiver, "grown") == 2);
      }
      // And while no archiver runs.
      admin.createPartitions(Map.of("grown", NewPartitions.increaseTo(4))).all().get();
      send(producer, "grown", 2, visit("2026-11-20T10:02Z", "/"));
      try (Archiver archiver = start("grown", Map.of())) {
        await(
            archiver,
            () -> listed(archiver, "grown") == 3 && archiver.status().completeUpToMillis() > 0);
      }
    }
    assertThat(offsets("grown", 1)).isEqualTo(range(1));
    assertThat(lastMark("grown").topics().get("grown"))
        .containsExactly(
            new TopicRange(
                topicId("grown"),
                Map.of(
                    0, new OffsetRange(0, 1),
                    1, new OffsetRange(0, 1),
                    2, new OffsetRange(0, 1),
                    3, new OffsetRange(0, 0))));
  }

  @Test
  void aTopicThatIsCreatedAgainWhileNoArchiverRunsIsADataLossUntilItIsNamedANewTopic()
      throws Exception {
    kafka.createTopic("anew", 1);
    try (Admin admin = admin();
        KafkaProducer<byte[], byte[]> producer = producer(Map.of("metadata.max.age.ms", 200))) {
      for (int i = 0; i < 3; i++) {
        send(producer, "anew", 0, visit("2026-11-20T10:01Z", "/old"));
      }
      try (Archiver archiver = start("anew", Map.of())) {
        await(archiver, () -> listed(archiver, "anew") == 3);
      }
      String oldId = topicId("anew");
      String newId = createAgain(admin, "anew");
      try (KafkaProducer<byte[], byte[]> another = producer(Map.of())) {
        for (int i = 0; i < 5; i++) {
          send(another, "anew", 0, visit("2026-11-20T10:02Z", "/new"));
        }
      }
      assertThatThrownBy(() -> start("anew", Map.of()))
          .isInstanceOf(StarfireException.class)
          .hasMessage(
              "data loss: topic 'anew' was deleted and created again; the archive lists offsets 0"
                  + " to 2 of partition 0 of the topic with id %s, and what that topic held beyond"
                  + " is lost; the topic that is there now has id %s and holds offsets 0 to 4 of"
                  + " partition 0; start the archiver with --new-topic to archive it as a range of"
                  + " its own",
              oldId, newId);
      try (Archiver archiver =
          Archiver.start(
              ArchiverOptions.of(
                      Visits.class.getName(),
                      Visits.class.getClassLoader(),
                      config("anew", Map.of()))
                  .withNewTopic(true))) {
        await(
            archiver,
            () -> listed(archiver, "anew") == 5 && archiver.status().completeUpToMillis() > 0);
      }
      assertThat(lastMark("anew").topics().get("anew"))
          .containsExactly(
              new TopicRange(oldId, Map.of(0, new OffsetRange(0, 3))),
              new TopicRange(newId, Map.of(0, new OffsetRange(0, 5))));
      // It needs to be said once.
      try (Archiver archiver = start("anew", Map.of())) {
        await(archiver, () -> listed(archiver, "anew") == 5);
      }
    }
  }

  @Test
  void aTopicThatIsCreatedAgainUnderARunningArchiverIsNeverJoinedToTheOldOne() throws Exception {
    kafka.createTopic("swapped", 1);
    try (Admin admin = admin();
        KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (int i = 0; i < 3; i++) {
        send(producer, "swapped", 0, visit("2026-11-20T10:01Z", "/old"));
      }
      try (Archiver archiver =
          start("swapped", Map.of("starfire.archive.completeness-interval", "2s"))) {
        await(archiver, () -> listed(archiver, "swapped") == 3);
        String oldId = topicId("swapped");
        String newId = createAgain(admin, "swapped");
        try (KafkaProducer<byte[], byte[]> another = producer(Map.of())) {
          for (int i = 0; i < 20; i++) {
            send(another, "swapped", 0, visit("2026-11-20T10:02Z", "/new"));
          }
        }
        assertThat(awaitFailure(archiver))
            .hasMessageContaining("data loss: topic 'swapped' was deleted and created again")
            .hasMessageContaining(oldId)
            .hasMessageContaining(newId);
      }
    }
    assertThat(offsets("swapped", 0)).isEqualTo(range(3));
  }

  @Test
  void aTopicThatIsDeletedUnderARunningArchiverEndsItWithWhatIsListed() throws Exception {
    kafka.createTopic("deleted", 1);
    try (Admin admin = admin();
        KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      send(producer, "deleted", 0, visit("2026-11-20T10:01Z", "/"));
      try (Archiver archiver = start("deleted", Map.of())) {
        await(archiver, () -> listed(archiver, "deleted") == 1);
        admin.deleteTopics(List.of("deleted")).all().get();
        assertThat(awaitFailure(archiver))
            .hasMessage(
                "topic 'deleted' with id %s was deleted; of it the archive lists offsets 0 to 0 of"
                    + " partition 0; if you create it again, start the archiver with --new-topic",
                topicId("deleted"));
      }
    }
  }

  /** Deletes a topic and creates it again; its new id. */
  private static String createAgain(Admin admin, String topic) throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(
            () -> {
              kafka.createTopic(topic, 1);
              return true;
            });
    return Awaitility.await()
        .ignoreExceptions()
        .until(
            () ->
                admin
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId()
                    .toString(),
            id -> true);
  }

  @Test
  void recordsOfManyMegabytesAreKeptWhole() throws Exception {
    try (Admin admin = admin();
        KafkaProducer<byte[], byte[]> producer =
            producer(Map.of("max.request.size", 32 << 20, "buffer.memory", 64L << 20))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("large", 1, (short) 1)
                      .configs(Map.of("max.message.bytes", Integer.toString(32 << 20)))))
          .all()
          .get();
      byte[] garbage = new byte[12 << 20];
      new Random(20261127).nextBytes(garbage);
      producer.send(new ProducerRecord<>("large", 0, NOW, garbage, garbage)).get();
      send(producer, "large", 0, visit("2026-11-20T10:01Z", "/"));
      try (Archiver archiver = start("large", Map.of())) {
        await(archiver, () -> listed(archiver, "large") == 2);
      }
      Group first = rows("large", 0).get(0);
      assertThat(first.getBinary(ArchiveLayout.VALUE, 0).getBytes()).isEqualTo(garbage);
      assertThat(first.getBinary(ArchiveLayout.KEY, 0).getBytes()).isEqualTo(garbage);
    }
  }

  @Test
  void marksThatNobodyReadsAreDeleted() throws Exception {
    kafka.createTopic("marked", 1);
    AtomicLong marks = new AtomicLong();
    try (Archiver archiver =
        start("marked", Map.of("starfire.archive.completeness-interval", "1ms"))) {
      long[] last = {0};
      await(
          archiver,
          () -> {
            long now = archiver.status().completeUpToMillis();
            if (now > last[0]) {
              last[0] = now;
              marks.incrementAndGet();
            }
            return marks.get() > Manifest.KEPT_MARKS + 5;
          });
    }
    try (Stream<Path> files = Files.list(root("marked").resolve(ArchiveLayout.COMPLETE))) {
      assertThat(files.count()).isLessThanOrEqualTo(Manifest.KEPT_MARKS);
    }
  }

  @Test
  void archiversOfDifferentTopicsThatShareAnArchiveKeepTheirMarksApart() throws Exception {
    kafka.createTopic("shared", 1);
    kafka.createTopic("sharing", 1);
    Map<String, String> often =
        Map.of(
            "starfire.archive.completeness-interval",
            "1ms",
            "starfire.archive.root",
            root("shared").toString());
    try (Archiver rare = start("shared", Map.of("starfire.archive.completeness-interval", "1h"))) {
      await(rare, () -> rare.status().completeUpToMillis() > 0);
      Completeness mark = lastMark("shared");
      try (Archiver other = start("sharing", often)) {
        await(other, () -> other.status().completeUpToMillis() > mark.arrivedUpToMillis() + 4_000);
      }
      assertThat(lastMark("shared")).isEqualTo(mark);
    }
    try (Stream<Path> files = Files.list(root("shared").resolve(ArchiveLayout.COMPLETE))) {
      assertThat(files.count()).isLessThanOrEqualTo(Manifest.KEPT_MARKS + 1);
    }
  }

  @Test
  void anErrorIsSeenInStatusHealthMetricsAndFailure() throws Exception {
    kafka.createTopic("broken", 1);
    AtomicBoolean breaks = new AtomicBoolean();
    InstantSource clock =
        () -> {
          if (breaks.get()) {
            throw new StackOverflowError("on purpose");
          }
          return InstantSource.system().instant();
        };
    ArchiverOptions options =
        ArchiverOptions.of(
            Visits.class.getName(),
            Visits.class.getClassLoader(),
            config("broken", Map.of("starfire.archive.port", "0")));
    try (Archiver archiver =
        Archiver.start(new ArchiverOptions(options.plan(), options.config(), clock, false))) {
      breaks.set(true);
      assertThat(awaitFailure(archiver))
          .hasMessageContaining("java.lang.StackOverflowError: on purpose");
      assertThat(get(archiver, "/health").statusCode()).isEqualTo(503);
      assertThat(get(archiver, "/health").body()).contains("\"FAILED\"", "on purpose");
      assertThat(get(archiver, "/metrics").body()).contains("starfire_archive_failed 1.0");
    }
  }

  private static HttpResponse<String> get(Archiver archiver, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + archiver.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void anArchiveOfAnOlderLayoutIsRefused() throws Exception {
    kafka.createTopic("older", 1);
    Files.createDirectories(root("older").resolve("manifest/older/0"));
    assertThatThrownBy(() -> start("older", Map.of()))
        .hasMessageContaining("an older version of Starfire wrote it, in layout 1")
        .hasMessageContaining("begin another archive with starfire.archive.root");
  }

  @Test
  void aFullDiskIsSaidWithThePlace() {
    assertThat(
            ArchiverFailures.of(
                "/data/archive",
                new IOException("write failed", new IOException("No space left on device"))))
        .hasMessageStartingWith("disk full: the archive at /data/archive has no room");
  }
}
