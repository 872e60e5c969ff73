package io.starfire.serving.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.Granularity;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DeadLetter;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.Outcome;
import io.starfire.event.RowTimes;
import io.starfire.kafka.DeadLetterHeaders;
import io.starfire.kafka.DeadLetterLimit;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.serving.Waiting;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealtimeFaultsTest extends OnKafka {
  private static final long MEGABYTE = 1 << 20;
  private static final Duration HOUR = Duration.ofHours(1);

  private static final int LETTER_BYTES = 2_000;

  @Test
  void poisonGoesToTheDeadLetterTopicAndHoldsNothingUp() throws Exception {
    kafka.createTopic("poison-letters", 1, Map.of("max.message.bytes", "10000"));
    try (RealtimeRig rig = new RealtimeRig(kafka, "poison", 1, directory)) {
      rig.start(
          settings ->
              settings
                  .deadLetterTopic("poison-letters")
                  .deadLetterLimit(new DeadLetterLimit(LETTER_BYTES))
                  .rejectOlderThan(Duration.ofDays(365 * 40)));
      rig.send(0, 0, 100);
      rig.sendRaw(0, text("key"), text("no row"));
      rig.sendRaw(0, null, null);
      rig.sendRaw(0, null, text("-5,id,1"));
      rig.sendRaw(0, null, text("253402300800000,id,1"));
      rig.sendRaw(0, null, new byte[1_000_000]);
      rig.sendRaw(0, null, text("1000,id,1"));
      rig.send(0, 100, 200);
      rig.awaitPosition(0, 206);
      assertThat(rig.visibleEvents()).isEqualTo(200);
      assertThat(rig.node().status("events").rowsRejected())
          .isEqualTo(Map.of(Outcome.UNDECODABLE, 3L, Outcome.BAD_TIME, 2L, Outcome.LATE, 1L));
      rig.node().requestHandOff("events");
      Waiting.await("a commit", () -> rig.coordination.commits().size() == 1);
      assertThat(rig.coordination.view().committedEvents()).isEqualTo(200);
      List<ConsumerRecord<byte[], byte[]>> letters = readDeadLetters("poison-letters", 6);
      assertThat(letters)
          .extracting(letter -> header(letter, DeadLetterHeaders.name(DeadLetter.OFFSET)))
          .containsExactlyInAnyOrder("100", "101", "102", "103", "104", "105");
      ConsumerRecord<byte[], byte[]> first = withOffset(letters, 100);
      assertThat(first.value()).isEqualTo(text("no row"));
      assertThat(first.key()).isEqualTo(text("key"));
      assertThat(header(first, DeadLetterHeaders.name(DeadLetter.REASON)))
          .isEqualTo("expected time,id,value");
      assertThat(header(first, DeadLetterHeaders.name(DeadLetter.OUTCOME)))
          .isEqualTo("UNDECODABLE");
      assertThat(header(first, DeadLetterHeaders.name(DeadLetter.TOPIC))).isEqualTo("poison");
      assertThat(header(first, DeadLetterHeaders.name(DeadLetter.PARTITION))).isEqualTo("0");
      assertThat(header(withOffset(letters, 101), DeadLetterHeaders.name(DeadLetter.REASON)))
          .isEqualTo("the record has no value");
      assertThat(header(withOffset(letters, 102), DeadLetterHeaders.name(DeadLetter.REASON)))
          .isEqualTo("the row's time must be in the years 1970 to 9999, got -5 ms");
      ConsumerRecord<byte[], byte[]> large = withOffset(letters, 104);
      assertThat(large.value()).as("the beginning of it").hasSize(LETTER_BYTES);
      assertThat(header(large, DeadLetterHeaders.name(DeadLetter.VALUE_BYTES)))
          .isEqualTo("1000000");
      assertThat(header(withOffset(letters, 105), DeadLetterHeaders.name(DeadLetter.REASON)))
          .startsWith("the row's time 1970-01-01T00:00:01.000Z is older than is accepted now, ");
    }
  }

  @Test
  void aDeadLetterTopicThatAcceptsLessGetsTheCoordinatesAlone() throws Exception {
    kafka.createTopic("narrow-letters", 1, Map.of("max.message.bytes", "10000"));
    try (RealtimeRig rig = new RealtimeRig(kafka, "narrow", 1, directory)) {
      rig.start(settings -> settings.deadLetterTopic("narrow-letters"));
      rig.sendRaw(0, null, new byte[1_000_000]);
      rig.awaitPosition(0, 1);
      ConsumerRecord<byte[], byte[]> letter = readDeadLetters("narrow-letters", 1).get(0);
      assertThat(letter.value()).isEmpty();
      assertThat(header(letter, DeadLetterHeaders.name(DeadLetter.VALUE_BYTES)))
          .isEqualTo("1000000");
      assertThat(header(letter, DeadLetterHeaders.name(DeadLetter.OFFSET))).isEqualTo("0");
    }
  }

  @Test
  void recordsGoneFromTheLogStopThePartitionWithTheExactRange() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "gone", 2, directory)) {
      commitThenLose(rig);
      rig.start(settings -> settings);
      Waiting.await(
          "the loss", () -> rig.node().status("events").state() == RealtimeState.DATA_LOSS);
      rig.send(1, 500, 600);
      rig.awaitPosition(1, 100);
      assertThat(rig.partition(0).state()).isEqualTo(RealtimeState.DATA_LOSS);
      assertThat(rig.partition(0).position()).isEqualTo(100);
      LostRange lost = rig.partition(0).lost().orElseThrow();
      assertThat(lost.startOffset()).isEqualTo(100);
      assertThat(lost.endOffset()).isEqualTo(250);
      assertThat(rig.partition(1).state()).isEqualTo(RealtimeState.RUNNING);
      assertThat(rig.node().status("events").detail())
          .isEqualTo(
              "topic 'gone' no longer holds the offsets [100, 250) of partition 0, which are not"
                  + " committed; a batch run over the archive can load them; with"
                  + " starfire.realtime.continue-after-data-loss = true the server reads on behind"
                  + " them");
      assertThat(rig.meters.get("starfire.realtime.records.lost").counter().count()).isEqualTo(150);
      assertThat(rig.visibleEvents()).isEqualTo(200);
      assertThat(rig.partition(0).lag()).as("records that could be read").hasValue(50);
      assertThat(rig.node().status("events").lastError()).isEmpty();
      rig.send(0, 300, 310);
      Waiting.await("the lag", () -> rig.lag(0) == 60);
    }
  }

  @Test
  void aTopicOfWhichNothingCanBeReadOnIsNoError() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "all-gone", 1, directory)) {
      commitThenLose(rig);
      rig.start(settings -> settings);
      Waiting.await("the lag", () -> rig.lag(0) == 50);
      rig.send(0, 300, 310);
      Waiting.await("the lag", () -> rig.lag(0) == 60);
      assertThat(rig.node().status("events").state()).isEqualTo(RealtimeState.DATA_LOSS);
      assertThat(rig.node().status("events").lastError()).isEmpty();
    }
  }

  @Test
  void aRowFurtherAheadThanTheBoundIsRefused() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "ahead", 1, directory)) {
      rig.start(settings -> settings.rowTimes(new RowTimes(Duration.ofHours(2))));
      long now = InstantSource.system().millis();
      rig.sendRaw(0, null, text("%d,id,1".formatted(now + 3_600_000)));
      rig.sendRaw(0, null, text("%d,id,1".formatted(now + 3 * 3_600_000)));
      rig.awaitPosition(0, 2);
      assertThat(rig.visibleEvents()).isEqualTo(1);
      assertThat(rig.node().status("events").rowsRejected())
          .isEqualTo(Map.of(Outcome.BAD_TIME, 1L));
      ConsumerRecord<byte[], byte[]> letter =
          readDeadLetters("events-dead-letters", one -> isOf(one, "ahead"), 1).get(0);
      assertThat(header(letter, DeadLetterHeaders.name(DeadLetter.REASON)))
          .contains("is further ahead of the clock");
    }
  }

  @Test
  void headersThatAreTooLargeForADeadLetterAreLeftOut() throws Exception {
    kafka.createTopic("small-letters", 1, Map.of("max.message.bytes", "10000"));
    try (RealtimeRig rig = new RealtimeRig(kafka, "headers", 1, directory);
        KafkaProducer<byte[], byte[]> producer = rig.newProducer(Map.of())) {
      rig.start(settings -> settings.deadLetterTopic("small-letters"));
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>("headers", 0, new byte[20_000], text("no row"));
      record.headers().add("trace", new byte[20_000]);
      producer.send(record).get(30, TimeUnit.SECONDS);
      rig.send(0, 0, 10);
      rig.awaitPosition(0, 11);
      rig.node().requestHandOff("events");
      Waiting.await("a commit", () -> rig.coordination.commits().size() == 1);
      ConsumerRecord<byte[], byte[]> letter = readDeadLetters("small-letters", 1).get(0);
      assertThat(letter.headers().lastHeader("trace")).isNull();
      assertThat(header(letter, DeadLetterHeaders.name(DeadLetter.KEY_BYTES))).isEqualTo("20000");
    }
  }

  @Test
  void anErrorThatEndsAThreadIsSeenInTheStatus() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "error", 1, directory)) {
      rig.start(settings -> settings);
      rig.send(0, 0, 10);
      rig.awaitPosition(0, 10);
      rig.coordination.failWith(new OutOfMemoryError("no room for the view"));
      rig.node().requestHandOff("events");
      Waiting.await("the end", () -> rig.node().status("events").state() == RealtimeState.STOPPED);
      assertThat(rig.node().status("events").detail())
          .isEqualTo(
              "handing off rows of topic 'error' ended for good; restart the server:"
                  + " java.lang.OutOfMemoryError: no room for the view");
      assertThat(rig.node().loops())
          .extracting(BackgroundLoop.Status::isAlive)
          .containsExactly(true, false);
    }
  }

  @Test
  void aRowLargerThanAFetchIsRead() throws Exception {
    kafka.createTopic("large", 1, Map.of("max.message.bytes", "6000000"));
    try (RealtimeRig rig = new RealtimeRig(kafka, "large", directory);
        KafkaProducer<byte[], byte[]> producer =
            rig.newProducer(Map.of("max.request.size", 6_000_000))) {
      rig.start(settings -> settings);
      String id = "x".repeat(3_000_000);
      producer
          .send(new ProducerRecord<>("large", 0, null, text("1700000400000," + id + ",1")))
          .get(30, TimeUnit.SECONDS);
      rig.send(0, 0, 10);
      rig.awaitPosition(0, 11);
      assertThat(rig.visibleEvents()).isEqualTo(11);
    }
  }

  @Test
  void aRowOfAnUnknownSchemaWaitsUntilTheSchemaIsKnown() throws Exception {
    DataSourceSchema wider =
        new DataSourceSchema(
            "events",
            List.of(
                new DimensionSpec("id", ColumnType.STRING),
                new DimensionSpec("city", ColumnType.STRING)),
            List.of(new MetricSpec("count", MetricSpec.Aggregation.COUNT)),
            Granularity.HOUR,
            Granularity.MINUTE,
            true);
    try (RealtimeRig rig = new RealtimeRig(kafka, "unknown", 2, directory)) {
      rig.startByFingerprint(settings -> settings);
      rig.sendRaw(0, null, encode(rig.schema, "a", 7L));
      rig.sendRaw(0, null, encode(wider, "b", "Rome"));
      rig.sendRaw(0, null, encode(rig.schema, "c", 7L));
      rig.sendRaw(1, null, encode(rig.schema, "d", 7L));
      Waiting.await(
          "the wait",
          () -> rig.node().status("events").state() == RealtimeState.WAITING_FOR_SCHEMA);
      rig.awaitPosition(1, 1);
      assertThat(rig.node().status("events").detail())
          .isEqualTo(
              "partition 0 waits at offset 1: a row was written with the schema of fingerprint %s, which data source 'events' does not have; start the stream that writes such rows with this coordinator, which registers it"
                  .formatted(DataRowCodec.of(wider).fingerprintHex()));
      assertThat(rig.positions()).isEqualTo(Map.of(0, 1L, 1, 1L));
      rig.sendRaw(1, null, encode(rig.schema, "e", 7L));
      rig.awaitPosition(1, 2);
      rig.node().requestHandOff("events");
      Waiting.await("commits", () -> rig.coordination.commits().size() == 2);
      assertThat(rig.coordination.view().committed()).isEqualTo(Map.of(0, 1L, 1, 2L));
      rig.coordination.know(wider);
      rig.awaitPosition(0, 3);
      assertThat(rig.visibleEvents()).isEqualTo(5);
      assertThat(rig.node().status("events").rowsRejected()).isEmpty();
      Waiting.await("reading", () -> rig.node().status("events").state() == RealtimeState.RUNNING);
      rig.node().requestHandOff("events");
      Waiting.await("the commit", () -> rig.coordination.commits().size() == 3);
      assertThat(rig.coordination.commits().get(2).segments())
          .as("a segment for each schema")
          .hasSize(2);
      assertThat(rig.visibleEvents()).isEqualTo(5);
    }
  }

  @Test
  void aDimensionThatCouldNotBeRegisteredIsRegisteredBeforeARowThatHasItIsVisible()
      throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "discovered", 2, directory)) {
      rig.startDiscovering();
      rig.sendRaw(0, null, text("1"));
      rig.awaitPosition(0, 1);
      assertThat(rig.coordination.schema()).as("nothing to register").isNull();
      rig.coordination.failExtensions(Integer.MAX_VALUE);
      rig.sendRaw(0, null, text("2,city"));
      Waiting.await(
          "the wait",
          () -> rig.node().status("events").state() == RealtimeState.WAITING_FOR_SCHEMA);
      assertThat(rig.node().status("events").detail())
          .isEqualTo(
              "partition 0 waits at offset 1: the rows have the dimensions [city], which could not"
                  + " be registered: the coordinator is away");
      assertThat(rig.visibleEvents()).isEqualTo(1);
      // A new connection does not make it registered.
      try (Admin admin = admin()) {
        admin.createPartitions(Map.of("discovered", NewPartitions.increaseTo(3))).all().get();
      }
      Waiting.await("the partition", () -> rig.positions().size() == 3);
      rig.coordination.failExtensions(1);
      rig.awaitPosition(0, 2);
      assertThat(rig.coordination.schema().dimensions())
          .extracting(DimensionSpec::name)
          .containsExactly("id", "city");
      assertThat(rig.visibleEvents()).isEqualTo(2);
      Waiting.await("reading", () -> rig.node().status("events").state() == RealtimeState.RUNNING);
    }
  }

  /** A value that an index cannot read at first: an exception that no row should cause. */
  private static List<String> failing(AtomicInteger times) {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        if (times.getAndDecrement() > 0) {
          throw new IllegalStateException("a defect");
        }
        return "value" + index;
      }

      @Override
      public int size() {
        return 2;
      }
    };
  }

  @Test
  void anExceptionInTheMidstOfAChunkMakesNoRowCountTwiceAndLosesNone() throws Exception {
    AtomicInteger times = new AtomicInteger(1);
    try (RealtimeRig rig = new RealtimeRig(kafka, "midst", 1, directory)) {
      rig.send(0, 0, 100);
      rig.sendRaw(0, null, text("no row"));
      rig.send(0, 101, 300);
      rig.start(
          settings -> settings,
          (record, isTaken) -> {
            RowDecoder.Decoded decoded = rig.decode(record);
            return record.offset() != 200
                ? decoded
                : new RowDecoder.Decoded(
                    new DataRow(
                        decoded.row().timeMillis(),
                        new Object[] {failing(times)},
                        new long[] {0, decoded.row().longMetric(1)},
                        null),
                    decoded.schema());
          });
      rig.awaitPosition(0, 300);
      assertThat(times.get()).as("it has failed").isNegative();
      assertThat(rig.visibleEvents()).isEqualTo(299);
      assertThat(rig.visibleLive(Map.of(), "value")).isEqualTo(300 * 299 / 2 - 100);
      RealtimeStatus status = rig.node().status("events");
      assertThat(status.rowsIndexed()).isEqualTo(299);
      assertThat(status.rowsRejected()).isEqualTo(Map.of(Outcome.UNDECODABLE, 1L));
      assertThat(status.lastError().orElseThrow()).contains("a defect");
      rig.node().requestHandOff("events");
      Waiting.await("a commit", () -> rig.coordination.commits().size() == 1);
      assertThat(rig.coordination.view().committedEvents()).isEqualTo(299);
      assertThat(readDeadLetters("events-dead-letters", letter -> isOf(letter, "midst"), 1))
          .hasSize(1);
    }
  }

  private static boolean isOf(ConsumerRecord<byte[], byte[]> letter, String topic) {
    return header(letter, DeadLetterHeaders.name(DeadLetter.TOPIC)).equals(topic);
  }

  private static byte[] encode(DataSourceSchema schema, String id, Object second) {
    boolean isWider = schema.dimensions().size() == 2;
    DataRow row =
        new DataRow(
            RealtimeRig.START_MILLIS,
            isWider ? new Object[] {id, second} : new Object[] {id},
            isWider ? new long[1] : new long[] {0, (Long) second},
            null);
    return DataRowCodec.of(schema).encode(row);
  }

  @Test
  void endingADataSourceWhoseBrokerIsSilentHoldsNothingUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        RealtimeRig rig = new RealtimeRig(kafka, "beside-silent", 1, directory)) {
      RealtimeNode node = rig.start(settings -> settings);
      DataSourceRegistration registration =
          new DataSourceRegistration(
              new DataSourceSchema(
                  "silent", List.of(), List.of(), Granularity.HOUR, Granularity.HOUR, false),
              "silent");
      String broker = "127.0.0.1:" + silent.getLocalPort();
      node.start(
          new TopicFeed(
              registration,
              (record, isTaken) -> null,
              registration::schema,
              node.settings().toBuilder(
                      Map.of("bootstrap.servers", broker, "request.timeout.ms", "1000"))
                  .build(),
              true),
          false);
      long began = System.nanoTime();
      node.remove("silent");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
      assertThat(node.dataSources()).containsExactly("events");
    }
  }

  @Test
  void aLossIsPassedOverOnlyWhereTheSettingsSaySo() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "passed-over", 2, directory)) {
      commitThenLose(rig);
      rig.start(settings -> settings.continueAfterDataLoss(true));
      rig.awaitPosition(0, 300);
      assertThat(rig.partition(0).state()).isEqualTo(RealtimeState.RUNNING);
      assertThat(rig.partition(0).lost().orElseThrow().endOffset()).isEqualTo(250);
      assertThat(rig.visibleEvents()).isEqualTo(150);
      rig.node().requestHandOff("events");
      Waiting.await("a commit", () -> rig.coordination.commits().size() == 2);
      RealtimeCommit commit = rig.coordination.commits().get(1);
      assertThat(commit.startOffset()).isEqualTo(100);
      assertThat(commit.endOffset()).isEqualTo(300);
      assertThat(rig.visibleEvents()).isEqualTo(150);
    }
  }

  /** 100 committed, 200 more written while the node is away, of which 150 are deleted. */
  private static void commitThenLose(RealtimeRig rig) throws Exception {
    rig.start(settings -> settings);
    rig.send(0, 0, 100);
    rig.awaitPosition(0, 100);
    rig.node().requestHandOff("events");
    Waiting.await("a commit", () -> rig.coordination.commits().size() == 1);
    rig.stopNode();
    rig.send(0, 100, 300);
    try (Admin admin = admin()) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(rig.topic, 0), RecordsToDelete.beforeOffset(250)))
          .all()
          .get();
    }
  }

  @Test
  void aTopicThatWasMadeAgainIsNotRead() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "again", 1, directory);
        LogLines log = LogLines.of(LiveDataSource.class)) {
      rig.start(settings -> settings);
      rig.send(0, 0, 100);
      rig.awaitPosition(0, 100);
      rig.node().requestHandOff("events");
      Waiting.await("a commit", () -> rig.coordination.commits().size() == 1);
      rig.send(0, 100, 130);
      rig.awaitPosition(0, 130);
      String oldId = topicId("again");
      try (Admin admin = admin()) {
        admin.deleteTopics(List.of("again")).all().get();
      }
      Waiting.await(
          "the topic to be missed",
          () -> rig.node().status("events").state() == RealtimeState.WAITING_FOR_TOPIC);
      kafka.createTopic("again", 1);
      rig.send(0, 0, 500);
      Waiting.await(
          "the refusal", () -> rig.node().status("events").state() == RealtimeState.TOPIC_REPLACED);
      assertThat(rig.node().status("events").detail())
          .startsWith(
              "topic 'again' is not the one that was read: it was deleted and created again, or other brokers have it; data source 'events' was loaded from the topic with id %s (partition 0 up to offset 100), and the new topic has id %s and holds [0, "
                  .formatted(oldId, topicId("again")))
          .contains(
              "rows that were read and not committed are dropped: [100, 130) of partition 0; ");
      assertThat(rig.visibleEvents()).isEqualTo(100);
      assertThat(rig.meters.get("starfire.realtime.records.lost").counter().count()).isEqualTo(30);
      assertThat(log.lines())
          .anyMatch(line -> line.startsWith("events: topic 'again' does not exist"))
          .anyMatch(
              line -> line.startsWith("DATA LOSS: topic 'again' is not the one that was read"));
      rig.stopNode();
      rig.start(settings -> settings);
      Waiting.await(
          "the refusal after a restart",
          () -> rig.node().status("events").state() == RealtimeState.TOPIC_REPLACED);
      assertThat(rig.visibleEvents()).isEqualTo(100);
    }
  }

  @Test
  void aTopicThatDoesNotExistYetIsWaitedFor() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "later", directory)) {
      rig.start(settings -> settings);
      Waiting.await(
          "the wait", () -> rig.node().status("events").state() == RealtimeState.WAITING_FOR_TOPIC);
      assertThat(rig.node().status("events").detail())
          .isEqualTo("topic 'later' does not exist; it is looked for every 100 ms");
      kafka.createTopic("later", 1);
      rig.send(0, 0, 50);
      rig.awaitPosition(0, 50);
      assertThat(rig.visibleEvents()).isEqualTo(50);
    }
  }

  @Test
  void aFullHeapHoldsReadingUpAndLosesNothing() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "pressure", 1, directory)) {
      Path blocked = directory.resolve("realtime").resolve("events");
      Files.createDirectories(blocked.getParent());
      // A file where the directory should be: nothing can be persisted.
      Files.createFile(blocked);
      rig.start(settings -> settings.maxHeapBytes(20_000).persistAt(100, MEGABYTE, HOUR));
      rig.send(0, 0, 20_000);
      Waiting.await(
          "back-pressure",
          () -> rig.node().status("events").state() == RealtimeState.BACK_PRESSURE);
      Waiting.await("a failed persist", () -> rig.node().status("events").lastError().isPresent());
      assertThat(rig.node().status("events").lastError().orElseThrow())
          .contains("could not be persisted; trying again");
      assertThat(rig.node().positions("events").get(0)).isLessThan(20_000);
      Files.delete(blocked);
      rig.awaitPosition(0, 20_000);
      assertThat(rig.visibleEvents()).isEqualTo(20_000);
      Waiting.await("reading", () -> rig.node().status("events").state() == RealtimeState.RUNNING);
    }
  }

  @Test
  void aBrokerThatRestartsIsReadOn(@TempDir Path ownDirectory) throws Exception {
    EmbeddedKafka first = EmbeddedKafka.start(ownDirectory);
    int port = first.port();
    try (RealtimeRig rig = new RealtimeRig(first, "restarts", 1, directory)) {
      rig.start(settings -> settings);
      rig.send(0, 0, 100);
      rig.awaitPosition(0, 100);
      first.close();
      assertThat(rig.visibleEvents()).isEqualTo(100);
      try (EmbeddedKafka second = EmbeddedKafka.builder(ownDirectory).port(port).start()) {
        rig.send(0, 100, 200);
        rig.awaitPosition(0, 200);
        assertThat(rig.visibleEvents()).isEqualTo(200);
        assertThat(second.port()).isEqualTo(port);
        rig.stopNode();
      }
    } finally {
      first.close();
    }
  }

  @Test
  void partitionsThatAreAddedAreReadFromTheirBeginning() throws Exception {
    try (RealtimeRig rig = new RealtimeRig(kafka, "grows", 1, directory)) {
      rig.start(settings -> settings);
      rig.send(0, 0, 10);
      rig.awaitPosition(0, 10);
      try (Admin admin = admin()) {
        admin.createPartitions(Map.of("grows", NewPartitions.increaseTo(2))).all().get();
      }
      Waiting.await(
          "the partition", () -> rig.node().positions("events").keySet().equals(Set.of(0, 1)));
      rig.send(1, 10, 30);
      rig.awaitPosition(1, 20);
      assertThat(rig.visibleEvents()).isEqualTo(30);
    }
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> withOffset(
      List<ConsumerRecord<byte[], byte[]>> letters, long offset) {
    return letters.stream()
        .filter(
            letter ->
                header(letter, DeadLetterHeaders.name(DeadLetter.OFFSET))
                    .equals(Long.toString(offset)))
        .findFirst()
        .orElseThrow();
  }

  private static List<ConsumerRecord<byte[], byte[]>> readDeadLetters(String topic, int count) {
    return readDeadLetters(topic, letter -> true, count);
  }

  private static List<ConsumerRecord<byte[], byte[]>> readDeadLetters(
      String topic, Predicate<ConsumerRecord<byte[], byte[]>> which, int count) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        Consumers.create(Map.of("bootstrap.servers", kafka.bootstrapServers()), "test")) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(new HashSet<>(List.of(partition)));
      Waiting.await(
          "dead letters",
          () -> {
            for (var letter : consumer.poll(Duration.ofMillis(100)).records(topic)) {
              if (which.test(letter)) {
                letters.add(letter);
              }
            }
            return letters.size() >= count;
          });
    }
    return letters;
  }
}
