package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.kafka.KafkaCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a stream that is begun anew reads, and who may begin it anew. */
final class ResetTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long BASE = 1_000_000_000_000L;

  @TempDir private static Path directory;

  private static StreamBench bench;

  @BeforeAll
  static void startBroker() {
    bench = new StreamBench(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    bench.close();
  }

  private static StarfireConfig config(String prefix, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(Map.of("starfire.stream.partitions", "1"));
    all.putAll(more);
    all.put("starfire.sources.impressions.topic", prefix + "-impressions");
    all.put("starfire.sources.clicks.topic", prefix + "-clicks");
    return bench.config(prefix, directory.resolve("state-" + prefix), all);
  }

  private static StreamDriver start(String prefix, Beginning beginning, List<String> told) {
    return start(prefix, beginning, told, Map.of());
  }

  private static StreamDriver start(
      String prefix, Beginning beginning, List<String> told, Map<String, String> more) {
    return StreamDriver.start(
        StreamOptions.of(
                Ads.Deduplicated.class.getName(),
                Ads.Deduplicated.class.getClassLoader(),
                config(prefix, more))
            .beginning(beginning, told::add));
  }

  private static void createTopics(String prefix) {
    bench.topic(prefix + "-impressions", 1);
    bench.topic(prefix + "-clicks", 1);
  }

  private static void send(String prefix, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      bench.send(prefix + "-impressions", 0, BASE + i, Ads.impression("i" + i, BASE + i, false));
    }
    bench.flush();
  }

  private static void awaitRead(StreamDriver driver, long impressions) {
    await()
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(driver.failure()).isNull();
              return driver.status().count("impressions", "EMITTED") == impressions;
            });
  }

  @Test
  void aResetReadsFromWhereItIsToldToAndSaysSo() throws Exception {
    createTopics("f");
    send("f", 0, 10);
    List<String> told = new ArrayList<>();
    try (StreamDriver driver = start("f", Beginning.CONTINUE, told)) {
      awaitRead(driver, 10);
    }
    send("f", 10, 13);
    try (StreamDriver driver = start("f", Beginning.reset(StartFrom.COMMITTED), told)) {
      awaitRead(driver, 3);
      assertThat(driver.dataSourceTopic("ad_events")).isEqualTo("f-data-source-ad_events");
    }
    assertThat(told).anySatisfy(sentence -> assertThat(sentence).contains("nothing is read again"));
    told.clear();
    StartFrom eighth = StartFrom.parse("2001-09-09T01:46:40.008Z");
    try (StreamDriver driver = start("f", Beginning.reset(eighth, withdrawn -> true), told)) {
      awaitRead(driver, 5);
      assertThat(driver.dataSourceTopic("ad_events")).isEqualTo("f-data-source-ad_events-g3");
    }
    assertThat(told)
        .anySatisfy(
            sentence ->
                assertThat(sentence)
                    .contains("partition 0 from offset 8 (it was at 13: 5 offsets are read again)"))
        .anySatisfy(
            sentence ->
                assertThat(sentence)
                    .contains(
                        "rows of [0, 8) of partition 0 of topic 'f-impressions' are withdrawn")
                    .contains("hours before 2001-09-09T02:00:00.000Z are then missing")
                    .contains("batch CLASS --interval FIRST_HOUR/2001-09-09T02:00:00.000Z"));
    send("f", 13, 15);
    try (StreamDriver driver = start("f", Beginning.reset(StartFrom.LATEST), told)) {
      send("f", 15, 16);
      awaitRead(driver, 1);
      assertThat(driver.status().applicationId()).endsWith("-g4");
    }
  }

  @Test
  void aResetThatEndedBeforeTheStreamRanGoesOnAtTheSamePlaceWhenItIsRepeated() throws Exception {
    createTopics("k");
    send("k", 0, 10);
    List<String> told = new ArrayList<>();
    try (StreamDriver driver = start("k", Beginning.CONTINUE, told)) {
      awaitRead(driver, 10);
    }
    send("k", 10, 13);
    // The topic of rows accepts less, which is found when the reset is already in the journal.
    Map<String, String> tooLarge = Map.of("starfire.stream.max-record-bytes", "8m");
    assertThatThrownBy(
            () -> start("k", Beginning.reset(StartFrom.COMMITTED), told, tooLarge).close())
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("max.message.bytes");
    told.clear();
    try (StreamDriver driver = start("k", Beginning.reset(StartFrom.COMMITTED), told)) {
      awaitRead(driver, 3);
      assertThat(driver.status().applicationId()).endsWith("-g3");
      assertThat(driver.dataSourceTopic("ad_events")).isEqualTo("k-data-source-ad_events");
    }
    assertThat(told).anySatisfy(sentence -> assertThat(sentence).contains("nothing is read again"));
  }

  @Test
  void recordsThatWereDeletedUnreadAreALossAndAResetGoesOnBehindThem() throws Exception {
    createTopics("d");
    send("d", 0, 4);
    List<String> told = new ArrayList<>();
    try (StreamDriver driver = start("d", Beginning.CONTINUE, told)) {
      awaitRead(driver, 4);
    }
    send("d", 4, 10);
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", (Object) bench.bootstrapServers()))) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition("d-impressions", 0), RecordsToDelete.beforeOffset(7)))
          .all()
          .get();
    }
    assertThatThrownBy(() -> start("d", Beginning.CONTINUE, told))
        .hasMessageContaining("data loss: offsets [4, 7) of partition 0 of topic 'd-impressions'")
        .hasMessageContaining("--reset --from committed");
    try (StreamDriver driver = start("d", Beginning.reset(StartFrom.COMMITTED), told)) {
      awaitRead(driver, 3);
    }
    assertThat(told)
        .anySatisfy(
            sentence -> assertThat(sentence).contains("it was at 4: 3 offsets are skipped"));
    // From the earliest record on is not from the first that there was.
    assertThatThrownBy(() -> start("d", Beginning.reset(StartFrom.EARLIEST), told).close())
        .hasMessageContaining("rows of [0, 7) of partition 0 of topic 'd-impressions'")
        .hasMessageContaining("--interval FIRST_HOUR/2001-09-09T02:00:00.000Z");
  }

  @Test
  void aPlanThatGoesForthAndBackReadsEachRecordOnceAndTwoPlansAtOnceAreRefused() throws Exception {
    createTopics("p");
    Map<String, String> second = Map.of("starfire.stream.partitions", "2");
    List<String> told = new ArrayList<>();
    send("p", 0, 5);
    try (StreamDriver driver = start("p", Beginning.CONTINUE, told)) {
      awaitRead(driver, 5);
      assertThatThrownBy(() -> start("p", Beginning.CONTINUE, told, second).close())
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("is running");
      assertThat(driver.failure()).isNull();
    }
    send("p", 5, 8);
    try (StreamDriver driver = start("p", Beginning.CONTINUE, told, second)) {
      awaitRead(driver, 3);
      assertThat(driver.status().applicationId()).endsWith("-g2");
      assertThat(driver.dataSourceTopic("ad_events")).isEqualTo("p-data-source-ad_events");
      assertThatThrownBy(() -> start("p", Beginning.CONTINUE, told).close())
          .hasMessageContaining("is running");
    }
    send("p", 8, 10);
    try (StreamDriver driver = start("p", Beginning.CONTINUE, told)) {
      awaitRead(driver, 2);
      assertThat(driver.status().applicationId()).endsWith("-g3");
      Set<String> old = driver.oldTopics();
      // Of both generations before: four stages with progress, two with a log.
      assertThat(old).hasSize(12).noneMatch(topic -> topic.contains("-g3-"));
      assertThat(driver.deleteOld()).isEqualTo(old);
      await().atMost(DEADLINE).until(() -> driver.oldTopics().isEmpty());
      send("p", 10, 11);
      awaitRead(driver, 3);
      assertThat(driver.failure()).isNull();
    }
    assertThat(told).anySatisfy(sentence -> assertThat(sentence).contains("its plan has changed"));
  }

  /** Kafka forgets the offsets of a group that has had no member for a week. */
  @Test
  void aStreamWhoseOffsetsHaveExpiredGoesOnWhereItsStateIs() throws Exception {
    createTopics("e");
    Map<String, String> lateness = Map.of("starfire.stream.lateness", "1ms");
    send("e", 0, 6);
    String application;
    try (StreamDriver driver = start("e", Beginning.CONTINUE, new ArrayList<>(), lateness)) {
      awaitRead(driver, 6);
      application = driver.status().applicationId();
    }
    send("e", 6, 10);
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", (Object) bench.bootstrapServers()))) {
      admin.deleteConsumerGroups(List.of(application)).all().get();
      long end = BASE + Duration.ofHours(1).toMillis();
      try (StreamDriver driver = start("e", Beginning.CONTINUE, new ArrayList<>(), lateness)) {
        awaitRead(driver, 10);
        bench.send("e-impressions", 0, end, Ads.impression("end", end, false));
        bench.send("e-clicks", 0, end, Ads.click("end", end));
        bench.flush();
        await()
            .atMost(DEADLINE)
            .until(() -> driver.status().results().getOrDefault("ad_events", 0L) > BASE + 100);
        assertThat(driver.status().count("impressions-deduplicated", "DUPLICATE")).isZero();
      }
      assertThat(Ads.results(bench.read("e-data-source-ad_events")))
          .filteredOn(row -> !row.contains(" end "))
          .hasSize(10)
          .doesNotHaveDuplicates();
      admin.deleteConsumerGroups(List.of(application)).all().get();
      bench.send("e-impressions", 0, end, Ads.impression("lost", end, false));
      bench.send("e-impressions", 0, end, Ads.impression("left", end, false));
      bench.flush();
      admin
          .deleteRecords(
              Map.of(new TopicPartition("e-impressions", 0), RecordsToDelete.beforeOffset(12)))
          .all()
          .get();
    }
    assertThatThrownBy(() -> start("e", Beginning.CONTINUE, new ArrayList<>(), lateness).close())
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT))
        .hasMessageContaining(
            "data loss: offsets [11, 12) of partition 0 of topic 'e-impressions'");
  }

  /** It may have been in its group before the new generation looked who is. */
  @Test
  void aTaskOfAnOldGenerationEndsBeforeItsFirstRecord() {
    StreamSettings settings = StreamSettings.from(config("w", Map.of()));
    try (KafkaCalls kafka =
        KafkaCalls.connect(
            settings.bootstrapServers(), settings.kafkaProperties(), settings.connectTimeout())) {
      StreamJournal journal = new StreamJournal(kafka, settings, "w-deduplicated");
      journal.append(generation(1));
      JournalFence fence = new JournalFence(kafka, journal, journal.read().generation());
      fence.require();
      journal.append(new JournalEntry.Topic(1, "w-clicks", "an id"));
      fence.require();
      journal.append(generation(2));
      assertThatThrownBy(fence::require)
          .hasMessageContaining("begun anew by another process, as generation 2");
    }
  }

  private static JournalEntry generation(int number) {
    String application = "w-deduplicated-01234567-g" + number;
    return new JournalEntry.Generation(
        number, "attempt " + number, application, null, "a test", Map.of(), Map.of(), null);
  }

  @Test
  void rowsAreWithdrawnOnlyIfSomebodyConsents() throws Exception {
    createTopics("c");
    send("c", 0, 3);
    try (StreamDriver driver = start("c", Beginning.CONTINUE, new ArrayList<>())) {
      awaitRead(driver, 3);
    }
    assertThatThrownBy(
            () -> start("c", Beginning.reset(StartFrom.EARLIEST), new ArrayList<>()).close())
        .hasMessageContaining("nothing was done: from earliest, records of c-impressions are read")
        .hasMessageContaining("all real-time rows of data source 'ad_events')")
        .hasMessageContaining("--yes");
  }

  @Test
  void ofTwoResetsAtOnceOneIsRefused() throws Exception {
    createTopics("t");
    send("t", 0, 5);
    try (StreamDriver driver = start("t", Beginning.CONTINUE, new ArrayList<>())) {
      awaitRead(driver, 5);
    }
    Callable<StreamDriver> reset =
        () -> start("t", Beginning.reset(StartFrom.EARLIEST, withdrawn -> true), new ArrayList<>());
    ExecutorService two = Executors.newFixedThreadPool(2);
    List<StreamDriver> started = new ArrayList<>();
    List<Throwable> refused = new ArrayList<>();
    try {
      for (Future<StreamDriver> one :
          two.invokeAll(List.of(reset, reset), DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        try {
          started.add(one.get());
        } catch (ExecutionException e) {
          refused.add(e.getCause());
        }
      }
      assertThat(refused)
          .singleElement()
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
      assertThat(started).hasSize(1);
      awaitRead(started.get(0), 5);
    } finally {
      two.shutdownNow();
      started.forEach(StreamDriver::close);
    }
  }
}
