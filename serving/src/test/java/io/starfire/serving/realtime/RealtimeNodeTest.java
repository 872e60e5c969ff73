package io.starfire.serving.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.segment.format.SegmentReader;
import io.starfire.serving.Waiting;
import io.starfire.serving.role.LivePiece;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RealtimeNodeTest extends OnKafka {
  private static final long MEGABYTE = 1 << 20;
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void rowsAreVisibleAtOnceAndSnapshotsRespectTheInterval() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "at-once", 2, directory)) {
      rig.start(settings -> settings);
      rig.send(0, 0, 300);
      rig.send(1, 300, 600);
      rig.awaitPosition(0, 300);
      rig.awaitPosition(1, 300);
      assertThat(rig.visibleEvents()).isEqualTo(600);
      assertThat(rig.visibleLive(Map.of(), "value")).isEqualTo(600 * 599 / 2);
      Interval secondHour =
          new Interval(
              RealtimeRig.START_MILLIS + HOUR.toMillis(),
              RealtimeRig.START_MILLIS + 2 * HOUR.toMillis());
      List<LivePiece> pieces =
          rig.node().hold(new LiveScan("events", Map.of(), secondHour)).pieces();
      assertThat(pieces).isNotEmpty().allMatch(piece -> piece.bucket().overlaps(secondHour));
      pieces.forEach(LivePiece::close);
      LiveScan elsewhere = new LiveScan("events", Map.of(0, 7L, 1, 7L), Interval.ETERNITY);
      assertThat(rig.node().hold(elsewhere).pieces()).isEmpty();
      LiveScan unknown = new LiveScan("unknown", Map.of(), Interval.ETERNITY);
      assertThat(rig.node().hold(unknown).pieces()).isEmpty();
      RealtimeStatus status = rig.node().status("events");
      assertThat(status.state()).isEqualTo(RealtimeState.RUNNING);
      assertThat(status.rowsIndexed()).isEqualTo(600);
      assertThat(rig.partition(1).lag()).hasValue(0);
      assertThat(rig.node().positions("events"))
          .containsExactlyInAnyOrderEntriesOf(Map.of(0, 300L, 1, 300L));
      assertThat(rig.meters.get("starfire.realtime.rows.indexed").counter().count()).isEqualTo(600);
    }
  }

  @Test
  void aSnapshotTakenBeforeAPersistShowsTheSameRowsAfterIt() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "persist", 1, directory)) {
      rig.start(settings -> settings.persistAt(100, MEGABYTE, HOUR));
      rig.send(0, 0, 100);
      rig.awaitPosition(0, 100);
      List<LivePiece> before =
          rig.node().hold(new LiveScan("events", Map.of(), Interval.ETERNITY)).pieces();
      rig.send(0, 100, 3_000);
      rig.awaitPosition(0, 3_000);
      Waiting.await(
          "persisted pieces",
          () -> rig.meters.get("starfire.realtime.persists").counter().count() >= 2);
      assertThat(rig.visibleEvents()).isEqualTo(3_000);
      long events = 0;
      for (LivePiece piece : before) {
        try (piece) {
          events += RealtimeRig.sum(piece.rows(), "count");
        }
      }
      assertThat(events).isEqualTo(100);
    }
    assertThat(segmentFiles(directory.resolve("realtime"))).isEmpty();
  }

  @Test
  void whatIsHandedOffIsInDeepStorageOnceAndDroppedOnlyWhenNobodyNeedsIt() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "hand-off", 1, directory)) {
      rig.coordination.allowHandOff(false);
      rig.start(settings -> settings.persistAt(100, MEGABYTE, HOUR));
      rig.send(0, 0, 1_000);
      rig.awaitPosition(0, 1_000);
      rig.node().requestHandOff("events");
      Waiting.await("a commit", () -> rig.coordination.view().number() == 2);
      RealtimeCommit commit = rig.coordination.commits().get(0);
      assertThat(commit.startOffset()).isZero();
      assertThat(commit.endOffset()).isEqualTo(1_000);
      assertThat(commit.segments()).hasSize(3);
      for (PushedSegment segment : commit.segments()) {
        assertThat(segment.path()).matches("events/2023-11-1[0-9T.Z]+/rt-0-0-1000-.*\\.segment");
        Path copy = directory.resolve("copy");
        rig.deepStorage.fetch(segment.path(), copy);
        try (SegmentReader reader = SegmentReader.open(copy)) {
          reader.verify();
          assertThat(reader.eventCount()).isEqualTo(segment.eventCount());
          assertThat(RealtimeRig.sum(reader, "count")).isEqualTo(segment.eventCount());
        }
      }
      assertThat(rig.coordination.view().committedEvents()).isEqualTo(1_000);
      rig.send(0, 1_000, 1_500);
      rig.awaitPosition(0, 1_500);
      assertThat(rig.visibleLive(Map.of(), "count")).as("the view before").isEqualTo(1_500);
      assertThat(rig.visibleLive(Map.of(0, 1_000L), "count")).as("the view after").isEqualTo(500);
      rig.coordination.allowHandOff(true);
      Waiting.await("the drop", () -> rig.partition(0).livePieces() == pieces(rig, 1_000));
      assertThat(rig.visibleLive(Map.of(0, 0L), "count")).isZero();
      assertThat(rig.visibleLive(Map.of(0, 1_000L), "count")).isEqualTo(500);
      assertThat(rig.visibleEvents()).isEqualTo(1_500);
    }
  }

  /** Pieces left when those below the offset are gone: none starts there any more. */
  private static int pieces(RealtimeRig rig, long offset) {
    boolean gone =
        rig.node()
            .hold(new LiveScan("events", Map.of(0, offset - 1_000), Interval.ETERNITY))
            .pieces()
            .isEmpty();
    return gone ? rig.partition(0).livePieces() : -1;
  }

  @Test
  void aRestartReadsAgainExactlyWhatIsNotCommitted() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "restart", 2, directory)) {
      rig.start(settings -> settings.persistAt(100, MEGABYTE, HOUR));
      rig.send(0, 0, 700);
      rig.send(1, 700, 900);
      rig.awaitPosition(0, 700);
      rig.awaitPosition(1, 200);
      rig.node().requestHandOff("events");
      Waiting.await("two commits", () -> rig.coordination.view().committed().size() == 2);
      rig.send(0, 900, 1_000);
      rig.awaitPosition(0, 800);
      rig.stopNode();
      rig.send(1, 1_000, 1_100);
      rig.start(settings -> settings);
      rig.awaitPosition(0, 800);
      rig.awaitPosition(1, 300);
      assertThat(rig.node().status("events").rowsIndexed()).isEqualTo(200);
      assertThat(rig.visibleEvents()).isEqualTo(1_100);
    }
  }

  @Test
  void aQueryUnderLoadNeverCountsARecordTwiceOrNotAtAll() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "hammer", 2, directory)) {
      rig.start(settings -> settings.persistAt(200, MEGABYTE, HOUR).handOffAt(1_000, HOUR));
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicBoolean done = new AtomicBoolean();
      Thread querying = new Thread(() -> hammer(rig, done), "hammer");
      querying.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
      querying.start();
      for (int batch = 0; batch < 20; batch++) {
        int from = batch * 1_000;
        rig.send(0, from, from + 500);
        rig.send(1, from + 500, from + 1_000);
        int commits = batch / 4;
        Waiting.await("commits", () -> rig.coordination.commits().size() >= commits);
      }
      rig.awaitPosition(0, 10_000);
      rig.awaitPosition(1, 10_000);
      rig.node().requestHandOff("events");
      Waiting.await(
          "all to be committed", () -> rig.coordination.view().committedEvents() == 20_000);
      done.set(true);
      querying.join(TimeUnit.SECONDS.toMillis(30));
      assertThat(failure.get()).isNull();
      assertThat(rig.visibleEvents()).isEqualTo(20_000);
      assertThat(rig.node().status("events").lastError()).isEmpty();
    }
  }

  /** Without gaps in the log, positions are numbers of records. */
  private static void hammer(RealtimeRig rig, AtomicBoolean done) {
    long before = 0;
    while (!done.get()) {
      long read = rig.node().positions("events").values().stream().mapToLong(p -> p).sum();
      long events = rig.visibleEvents();
      assertThat(events).isGreaterThanOrEqualTo(Math.max(before, read)).isLessThanOrEqualTo(20_000);
      before = events;
    }
  }

  @Test
  void abortedTransactionsAreNotSeenAndTheirOffsetsAreCommitted() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "transactions", 1, directory);
        KafkaProducer<byte[], byte[]> producer =
            rig.newProducer(Map.of("transactional.id", "transactions"))) {
      rig.start(settings -> settings);
      producer.initTransactions();
      transaction(producer, rig.topic, 0, 10);
      producer.commitTransaction();
      transaction(producer, rig.topic, 10, 40);
      producer.abortTransaction();
      // 10 records, a marker, 30 records, a marker.
      rig.awaitPosition(0, 42);
      assertThat(rig.visibleEvents()).isEqualTo(10);
      transaction(producer, rig.topic, 40, 45);
      rig.node().requestHandOff("events");
      Waiting.await("a commit", () -> rig.coordination.commits().size() == 1);
      assertThat(rig.coordination.commits().get(0).endOffset()).isEqualTo(42);
      assertThat(rig.visibleEvents()).as("open transactions are not seen").isEqualTo(10);
      producer.commitTransaction();
      rig.awaitPosition(0, 48);
      assertThat(rig.visibleEvents()).isEqualTo(15);
    }
  }

  private static void transaction(
      KafkaProducer<byte[], byte[]> producer, String topic, int from, int to) throws Exception {
    producer.beginTransaction();
    for (int i = from; i < to; i++) {
      producer
          .send(new ProducerRecord<>(topic, 0, null, RealtimeRig.event(i)))
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void theLoserOfARaceDropsWhatTheWinnerCommittedAndGoesOnBehindIt() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "race", 1, directory)) {
      rig.start(settings -> settings.retiredPieceGrace(Duration.ZERO));
      rig.send(0, 0, 500);
      rig.awaitPosition(0, 500);
      // A replica was faster, and stopped in the middle of what this node holds.
      var winner = commitElsewhere(rig, 0, 300, 300);
      assertThat(winner).isTrue();
      rig.node().requestHandOff("events");
      Waiting.await("the refusal", () -> rig.partition(0).committed() == 300);
      rig.awaitPosition(0, 500);
      Waiting.await("500 events", () -> rig.visibleEvents() == 500);
      assertThat(rig.visibleLive(Map.of(0, 300L), "value"))
          .isEqualTo(500 * 499 / 2 - 300 * 299 / 2);
      assertThat(segmentFiles(directory.resolve("deep"))).as("the loser's segments").isEmpty();
      rig.node().requestHandOff("events");
      Waiting.await("its own commit", () -> rig.coordination.commits().size() == 2);
      assertThat(rig.coordination.commits().get(1).startOffset()).isEqualTo(300);
      assertThat(rig.visibleEvents()).isEqualTo(500);
      // A replica that is ahead of everything read here.
      rig.send(0, 500, 600);
      rig.awaitPosition(0, 600);
      assertThat(commitElsewhere(rig, 500, 600, 100)).isTrue();
      rig.node().requestHandOff("events");
      Waiting.await("the refusal", () -> rig.partition(0).committed() == 600);
      assertThat(rig.visibleEvents()).isEqualTo(600);
    }
  }

  private static boolean commitElsewhere(RealtimeRig rig, long start, long end, long events) {
    Interval bucket = rig.schema.segmentGranularity().bucket(RealtimeRig.START_MILLIS);
    String topicId = topicId(rig.topic);
    return rig.coordination
        .commit(
            new RealtimeCommit(
                "events",
                rig.topic,
                topicId,
                0,
                start,
                end,
                List.of(new PushedSegment(bucket, "elsewhere", 1, events, events))))
        .committed();
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNeitherRepeatedNorUndone() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "lost-answer", 1, directory)) {
      rig.start(settings -> settings);
      rig.send(0, 0, 400);
      rig.awaitPosition(0, 400);
      rig.coordination.failCommits(1);
      rig.coordination.loseAnswers(1);
      rig.node().requestHandOff("events");
      Waiting.await("the commit", () -> rig.partition(0).committed() == 400);
      assertThat(rig.coordination.commits()).hasSize(1);
      for (PushedSegment segment : rig.coordination.commits().get(0).segments()) {
        assertThat(rig.deepStorage.exists(segment.path())).isTrue();
      }
      assertThat(rig.visibleEvents()).isEqualTo(400);
      assertThat(rig.node().status("events").lastError().orElseThrow())
          .startsWith("partition 0 of topic 'lost-answer' could not be handed off; trying again: ");
    }
  }

  @Test
  void whatMayNotBeConfiguredIsRefused() {
    assertThatThrownBy(() -> RealtimeSettings.builder(directory, Map.of()).build())
        .hasMessage("realtime: the Kafka property bootstrap.servers is missing");
    assertThatThrownBy(
            () ->
                RealtimeSettings.builder(
                        directory, Map.of("bootstrap.servers", "a:1", "group.id", "mine"))
                    .build())
        .hasMessage(
            "realtime: the Kafka property 'group.id' is set by Starfire and must not be"
                + " configured");
  }

  @Test
  void twoNodesDoNotShareADirectory() {
    try (RealtimeRig rig = new RealtimeRig(kafka, "shared", 1, directory);
        RealtimeRig other = new RealtimeRig(kafka, "shared-too", 1, directory)) {
      rig.start(settings -> settings);
      assertThatThrownBy(() -> other.start(settings -> settings))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessage(
              "the real-time directory %s is in use by another node; give each node its own",
              directory.resolve("realtime"));
    }
  }

  private static List<Path> segmentFiles(Path root) throws Exception {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(path -> path.toString().endsWith(".segment")).toList();
    }
  }
}
