package io.starfire.archiver;

import static io.starfire.archiver.ArchiverRig.NOW;
import static io.starfire.archiver.ArchiverRig.admin;
import static io.starfire.archiver.ArchiverRig.await;
import static io.starfire.archiver.ArchiverRig.awaitFailure;
import static io.starfire.archiver.ArchiverRig.config;
import static io.starfire.archiver.ArchiverRig.createTopic;
import static io.starfire.archiver.ArchiverRig.entries;
import static io.starfire.archiver.ArchiverRig.listed;
import static io.starfire.archiver.ArchiverRig.offsets;
import static io.starfire.archiver.ArchiverRig.producer;
import static io.starfire.archiver.ArchiverRig.range;
import static io.starfire.archiver.ArchiverRig.root;
import static io.starfire.archiver.ArchiverRig.rows;
import static io.starfire.archiver.ArchiverRig.send;
import static io.starfire.archiver.ArchiverRig.start;
import static io.starfire.archiver.ArchiverRig.topicId;
import static io.starfire.archiver.ArchiverRig.visit;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchivedHeaders;
import io.starfire.archive.ManifestEntry;
import io.starfire.archiver.ArchiverRig.Visits;
import io.starfire.common.Times;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;

/** What is archived, and how an archiver begins, goes on and ends. */
final class ArchiverTest {
  @Test
  void aTimestampThatCannotBeUsedLetsNoEventTimePass() throws Exception {
    createTopic(
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
    createTopic("raw", 2);
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
    createTopic("again", 1);
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
    createTopic("two", 1);
    Map<String, String> often = Map.of("starfire.archive.roll-interval", "1ms");
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        Archiver one = start("two", often);
        Archiver other = start("two", often)) {
      for (int i = 0; i < 100; i++) {
        send(producer, "two", 0, visit("2026-11-20T10:01Z", "/" + i));
      }
      await(one, () -> listed(one, "two") == 100 || listed(other, "two") == 100);
    }
    assertThat(offsets("two", 0)).isEqualTo(range(100));
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
  void anErrorIsSeenInStatusHealthMetricsAndFailure() throws Exception {
    createTopic("broken", 1);
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
    createTopic("older", 1);
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
