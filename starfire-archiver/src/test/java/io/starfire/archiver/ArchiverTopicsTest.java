package io.starfire.archiver;

import static io.starfire.archiver.ArchiverRig.NOW;
import static io.starfire.archiver.ArchiverRig.admin;
import static io.starfire.archiver.ArchiverRig.await;
import static io.starfire.archiver.ArchiverRig.awaitFailure;
import static io.starfire.archiver.ArchiverRig.bootstrapServers;
import static io.starfire.archiver.ArchiverRig.config;
import static io.starfire.archiver.ArchiverRig.createTopic;
import static io.starfire.archiver.ArchiverRig.lastMark;
import static io.starfire.archiver.ArchiverRig.listed;
import static io.starfire.archiver.ArchiverRig.offsets;
import static io.starfire.archiver.ArchiverRig.producer;
import static io.starfire.archiver.ArchiverRig.range;
import static io.starfire.archiver.ArchiverRig.root;
import static io.starfire.archiver.ArchiverRig.send;
import static io.starfire.archiver.ArchiverRig.start;
import static io.starfire.archiver.ArchiverRig.topicId;
import static io.starfire.archiver.ArchiverRig.visit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicRange;
import io.starfire.archiver.ArchiverRig.Visits;
import io.starfire.common.StarfireException;
import io.starfire.common.Ticker;
import io.starfire.kafka.KafkaCalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Topics that are deleted, created again, or lose records. */
final class ArchiverTopicsTest {
  @Test
  void aTopicThatIsCreatedAgainWhileNoArchiverRunsIsADataLossUntilItIsNamedANewTopic()
      throws Exception {
    createTopic("anew", 1);
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
    createTopic("swapped", 1);
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
    createTopic("deleted", 1);
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

  /** A broker that restarts knows nothing of its topics for a while, however often it is asked. */
  @Test
  void aTopicThatIsNotKnownForAMomentIsNotDeleted() throws Exception {
    createTopic("away", 1);
    AtomicLong nanos = new AtomicLong();
    Ticker ticker =
        new Ticker() {
          @Override
          public long nanoTime() {
            return nanos.get();
          }

          @Override
          public void await(Semaphore wakeUps, Duration longest) {
            throw new UnsupportedOperationException("nothing waits");
          }
        };
    try (Admin admin = admin();
        KafkaCalls calls =
            KafkaCalls.connect(bootstrapServers(), Map.of(), Duration.ofSeconds(20))) {
      Manifest manifest = new Manifest(ArchiveFiles.of(root("away").toString(), Map.of()));
      RawTopics topics =
          new RawTopics(calls, manifest, Set.of("away"), Duration.ofMinutes(1), ticker);
      assertThat(topics.begin(false, NOW)).hasSize(1);
      admin.deleteTopics(List.of("away")).all().get();
      Awaitility.await().until(topics::look, List::isEmpty);
      for (int i = 0; i < 20; i++) {
        assertThat(topics.look()).isEmpty();
      }
      nanos.addAndGet(Duration.ofSeconds(59).toNanos());
      assertThat(topics.look()).isEmpty();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThatThrownBy(topics::look).hasMessageContaining("topic 'away' with id");
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
              createTopic(topic, 1);
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
  void recordsThatWereDeletedBeforeTheyWereArchivedAreReportedWithTheirRange() throws Exception {
    createTopic("lost", 1);
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
}
