package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.RawArchive;
import io.starfire.archive.TopicStart;
import io.starfire.archiver.Archiver;
import io.starfire.archiver.ArchiverOptions;
import io.starfire.batch.input.HadoopRawArchive;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.hadoop.HadoopClient;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.Planner;
import io.starfire.stream.Beginning;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import io.starfire.stream.StreamStatus;
import io.starfire.testkit.RandomEvents.Arrival;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hours of events are archived; the topics have lost those of the first two and a half. A
 * stream that begins warm writes the rows of the reference from a full hour on, and no other.
 */
class WarmStartTest {
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final long START = Times.parse("2026-10-24T20:00:00Z");
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long LOST = START + 5 * HOUR / 2;
  private static final long STEP = 5_000;
  private static final long CLOSING = START + 24 * HOUR;
  private static final int PARTITIONS = 2;

  /** The hour of the last event that is lost, less what the stream is behind, a full hour. */
  private static final long WHOLE = START + HOUR;

  @TempDir private static Path directory;

  private static EmbeddedKafka kafka;
  private static Admin admin;
  private static final List<Arrival> ARRIVALS = new ArrayList<>();

  @BeforeAll
  static void archiveAndLose() throws Exception {
    kafka =
        EmbeddedKafka.builder(directory.resolve("kafka"))
            .property("group.initial.rebalance.delay.ms", "0")
            .start();
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    SplittableRandom random = new SplittableRandom(20261128);
    for (int i = 0; i < 3 * HOUR / STEP; i++) {
      long at = START + i * STEP;
      String key = "k" + random.nextInt(40);
      ARRIVALS.add(arrival("views", new Thing("v" + i, instant(at), key, key, i, false)));
      if (random.nextBoolean()) {
        Instant later = instant(at + random.nextInt(40_000) - 5_000);
        ARRIVALS.add(arrival("clicks", new Thing(null, later, key, key, i, false)));
      }
    }
    ARRIVALS.sort(Comparator.comparingLong(Arrival::arrivalMillis));
    kafka.createTopic("warm-views", PARTITIONS);
    kafka.createTopic("warm-clicks", PARTITIONS);
    Map<TopicPartition, RecordsToDelete> lost = new HashMap<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (Arrival arrival : ARRIVALS) {
        TopicPartition to =
            new TopicPartition("warm-" + arrival.source(), random.nextInt(PARTITIONS));
        send(producer, to, arrival.thing());
        long end = ends.merge(to, 1L, Long::sum);
        if (arrival.timeMillis() < LOST) {
          lost.put(to, RecordsToDelete.beforeOffset(end));
        }
      }
    }
    try (Archiver archiver =
        Archiver.start(
            ArchiverOptions.of(
                KilledPipeline.class.getName(),
                KilledPipeline.class.getClassLoader(),
                config("archiver", "archive")))) {
      await()
          .atMost(DEADLINE)
          .until(
              () -> {
                assertThat(archiver.failure()).isNull();
                return archived() == ARRIVALS.size();
              });
    }
    admin.deleteRecords(lost).all().get();
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    kafka.close();
  }

  private static Instant instant(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  private static Arrival arrival(String source, Thing thing) {
    return new Arrival(source, thing, thing, thing.at().toEpochMilli());
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, TopicPartition to, Thing thing) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                to.topic(),
                to.partition(),
                thing.at().toEpochMilli(),
                null,
                ThingJson.write(thing).getBytes(StandardCharsets.UTF_8)));
  }

  private static StarfireConfig config(String prefix, String archive) {
    Map<String, String> values = new HashMap<>();
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.archive.root", directory.resolve(archive).toString());
    values.put("starfire.archive.roll-interval", "500ms");
    values.put("starfire.archive.completeness-interval", "500ms");
    values.put("starfire.archive.port", "-1");
    values.put("starfire.stream.application-id-prefix", prefix);
    values.put("starfire.stream.state-dir", directory.resolve("state-" + prefix).toString());
    values.put("starfire.stream.register", "off");
    values.put("starfire.stream.port", "-1");
    values.put("starfire.stream.commit-interval", "50ms");
    values.put("starfire.stream.broadcast-interval", "50ms");
    values.put("starfire.stream.partitions", Integer.toString(PARTITIONS));
    // The partitions of a topic are read side by side.
    values.put("starfire.stream.lateness", "30m");
    values.put("starfire.stream.idle-timeout", "1h");
    values.put("starfire.sources.views.topic", "warm-views");
    values.put("starfire.sources.clicks.topic", "warm-clicks");
    return StarfireConfig.fromMap(values);
  }

  private static RawArchive archive(StarfireConfig config) {
    return HadoopRawArchive.of(config, HadoopClient.configuration(HadoopClient.properties(config)));
  }

  private static long archived() throws IOException {
    long rows = 0;
    RawArchive archive = archive(config("archiver", "archive"));
    for (String topic : List.of("warm-views", "warm-clicks")) {
      for (TopicStart start : archive.manifest().topics(topic)) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          for (ManifestEntry entry : archive.manifest().entries(start, partition, false)) {
            rows += entry.rows();
          }
        }
      }
    }
    return rows;
  }

  private static Plan plan() {
    return Planner.plan(KilledPipeline.class.getName(), KilledPipeline.class.getClassLoader());
  }

  private static StreamDriver start(StarfireConfig config, Beginning beginning, List<String> said) {
    return StreamDriver.start(
        StreamOptions.of(
                KilledPipeline.class.getName(), KilledPipeline.class.getClassLoader(), config)
            .beginning(beginning, said::add));
  }

  private static void awaitDone(StreamDriver driver) {
    await()
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(driver.failure()).isNull();
              Map<String, Long> results = driver.status().results();
              return results.size() == 3
                  && results.values().stream().allMatch(at -> at >= START + 4 * HOUR);
            });
  }

  private static Map<String, Map<RowValue, Long>> rows(StreamDriver driver, Interval interval) {
    Map<String, Map<RowValue, Long>> rows = new TreeMap<>();
    TopicRows topics = new TopicRows(kafka.bootstrapServers(), interval);
    for (DataSourceNode sink : plan().dataSources()) {
      rows.put(
          sink.label(),
          topics.ofDataSource(driver.dataSourceTopic(sink.label()), sink.dataSource().schema()));
    }
    return rows;
  }

  @Test
  void theFirstRowsOfAWarmStreamAreThoseOfTheReference() throws Exception {
    StarfireConfig config = config("warm", "archive");
    Beginning warm = Beginning.warm(archive(config));
    List<String> said = new ArrayList<>();
    Interval all = new Interval(0, START + 4 * HOUR);
    Map<String, Map<RowValue, Long>> rows;
    try (StreamDriver driver = start(config, warm, said);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      for (String topic : List.of("warm-views", "warm-clicks")) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          Thing closing = new Thing(null, instant(CLOSING), "end", "end", partition, false);
          send(producer, new TopicPartition(topic, partition), closing);
        }
      }
      producer.flush();
      awaitDone(driver);
      rows = rows(driver, all);
    }
    assertThat(said)
        .anyMatch(
            line ->
                line.endsWith(
                    "events of the archive fill the open windows; rows with event times from"
                        + " 2026-10-24T21:00:00.000Z on are whole, and none before are written"));
    Results reference =
        ReferenceDriver.run(
            plan(), Grants.asked(plan()), RandomEvents.lookups(), RandomEvents.bySource(ARRIVALS));
    assertThat(rows).isEqualTo(reference.within(new Interval(WHOLE, START + 4 * HOUR)).rows());
    said.clear();
    // A service that is always started with --warm goes on.
    try (StreamDriver driver = start(config, warm, said)) {
      await().atMost(DEADLINE).until(() -> driver.status().state() == StreamStatus.State.RUNNING);
      assertThat(rows(driver, all)).isEqualTo(rows);
    }
    assertThat(said).isEmpty();
  }

  @Test
  void anArchiveThatDoesNotHaveWhatTheTopicsHaveLostIsRefusedAndNothingIsBegun() throws Exception {
    StarfireConfig config = config("empty", "nothing");
    assertThatThrownBy(() -> start(config, Beginning.warm(archive(config)), new ArrayList<>()))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT))
        .hasMessageStartingWith("the stream cannot begin warm: archive ")
        .hasMessageContaining("lacks what the topics have lost: it holds nothing of topic 'warm-");
    assertThat(admin.listTopics().names().get()).noneMatch(topic -> topic.startsWith("empty-"));
  }

  /** The journal says that it begins warm; nothing of what was fed counts. */
  @Test
  void aWarmStartThatEndsInTheMidstIsDoneAgainAndNotForgotten() throws Exception {
    StarfireConfig config = config("midst", "archive");
    RawArchive archive = archive(config);
    RawArchive failing = failingAtTheSecondFile(archive);
    List<String> said = new ArrayList<>();
    assertThatThrownBy(() -> start(config, Beginning.warm(failing), said))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("cannot be read: the disk is gone");
    assertThatThrownBy(() -> start(config, Beginning.CONTINUE, said))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("was to begin warm, and was ended before its windows were filled");
    assertThat(said).isEmpty();
    start(config, Beginning.warm(archive), said).close();
    assertThat(said).hasSize(1).allMatch(line -> line.contains("fill the open windows"));
    // It has begun: from now on it does not matter how it is started.
    start(config, Beginning.CONTINUE, said).close();
    assertThat(said).hasSize(1);
  }

  private static RawArchive failingAtTheSecondFile(RawArchive archive) {
    AtomicInteger files = new AtomicInteger();
    return new RawArchive() {
      @Override
      public String root() {
        return archive.root();
      }

      @Override
      public ArchiveManifest manifest() {
        return archive.manifest();
      }

      @Override
      public void read(ManifestEntry entry, Interval eventTimes, Reader reader) throws IOException {
        if (files.incrementAndGet() == 2) {
          throw new IOException("the disk is gone");
        }
        archive.read(entry, eventTimes, reader);
      }
    };
  }

  @Test
  void aStreamThatHasBegunColdIsNotWarmedLater() {
    StarfireConfig config = config("cold", "archive");
    start(config, Beginning.CONTINUE, new ArrayList<>()).close();
    assertThatThrownBy(() -> start(config, Beginning.warm(archive(config)), new ArrayList<>()))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("has begun without --warm, and goes on with the state that it has");
  }
}
