package io.starfire.archiver;

import static io.starfire.archiver.ArchiverRig.admin;
import static io.starfire.archiver.ArchiverRig.await;
import static io.starfire.archiver.ArchiverRig.createTopic;
import static io.starfire.archiver.ArchiverRig.entries;
import static io.starfire.archiver.ArchiverRig.lastMark;
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

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicRange;
import io.starfire.kafka.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Up to when the archive is said to be complete, with all partitions that there are. */
final class ArchiverCompletenessTest {
  @Test
  void anOpenTransactionIsNotComplete() throws Exception {
    createTopic("open", 1);
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
      // The record and the mark of the abort: a mark that was asked for between them ends at 1.
      await(archiver, () -> markedEnd("open") == 2);
    }
    assertThat(rows("open", 0)).isEmpty();
    assertThat(entries("open", 0).get(entries("open", 0).size() - 1).endOffset()).isEqualTo(2);
  }

  /** Of records of one key, the last one stays; where the others were is nothing to wait for. */
  @Test
  void aTopicThatWasCompactedIsReadAndArchivedUpToItsEnd() throws Exception {
    createTopic(
        "compacted",
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "50",
            "min.cleanable.dirty.ratio", "0.01",
            "max.compaction.lag.ms", "1"));
    TopicPartition partition = new TopicPartition("compacted", 0);
    AtomicLong sent = new AtomicLong();
    AtomicLong kept = new AtomicLong();
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "keyed"))) {
      producer.initTransactions();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                // What is written last is not compacted until a segment begins behind it.
                producer.beginTransaction();
                for (int i = 0; i < 3; i++) {
                  var unused =
                      producer.send(
                          new ProducerRecord<>(
                              "compacted",
                              0,
                              ArchiverRig.NOW,
                              "key".getBytes(UTF_8),
                              visit("2026-11-20T10:01Z", "/").getBytes(UTF_8)));
                }
                producer.commitTransaction();
                sent.addAndGet(4);
                kept.set(0);
                TopicReader.read(
                    Map.of("bootstrap.servers", ArchiverRig.bootstrapServers()),
                    Set.of(partition),
                    Duration.ofSeconds(10),
                    record -> kept.incrementAndGet());
                return kept.get() < sent.get() / 4 * 3;
              });
    }
    try (Archiver archiver = start("compacted", Map.of())) {
      await(archiver, () -> archiver.status().completeUpToMillis() > 0);
      await(archiver, () -> markedEnd("compacted") == sent.get());
    }
    List<ManifestEntry> entries = entries("compacted", 0);
    assertThat(entries.get(0).startOffset()).isZero();
    assertThat(entries.get(entries.size() - 1).endOffset()).isEqualTo(sent.get());
    assertThat(rows("compacted", 0)).isNotEmpty().hasSizeLessThanOrEqualTo((int) kept.get());
  }

  private static long markedEnd(String topic) {
    try {
      return lastMark(topic).topics().get(topic).get(0).partitions().get(0).end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void marksThatNobodyReadsAreDeleted() throws Exception {
    createTopic("marked", 1);
    try (Archiver archiver =
        start("marked", Map.of("starfire.archive.completeness-interval", "1ms"))) {
      awaitMarks(archiver, Manifest.KEPT_MARKS + 5);
    }
    try (Stream<Path> files = Files.list(root("marked").resolve(ArchiveLayout.COMPLETE))) {
      assertThat(files.count()).isLessThanOrEqualTo(Manifest.KEPT_MARKS);
    }
  }

  private static void awaitMarks(Archiver archiver, int count) {
    Set<Long> marks = new HashSet<>();
    await(
        archiver,
        () -> {
          marks.add(archiver.status().completeUpToMillis());
          return marks.size() > count;
        });
  }

  @Test
  void archiversOfDifferentTopicsThatShareAnArchiveKeepTheirMarksApart() throws Exception {
    createTopic("shared", 1);
    createTopic("sharing", 1);
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
        awaitMarks(other, Manifest.KEPT_MARKS + 5);
      }
      assertThat(lastMark("shared")).isEqualTo(mark);
    }
    try (Stream<Path> files = Files.list(root("shared").resolve(ArchiveLayout.COMPLETE))) {
      assertThat(files.count()).isLessThanOrEqualTo(Manifest.KEPT_MARKS + 1);
    }
  }

  @Test
  void partitionsThatAreAddedBehindAnOpenTransactionAreArchivedAtOnce() throws Exception {
    createTopic("hanging", 1);
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
  void partitionsThatAreAddedAreArchivedAndNamedInTheMarks() throws Exception {
    createTopic("grown", 1);
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
}
