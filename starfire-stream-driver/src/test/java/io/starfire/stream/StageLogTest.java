package io.starfire.stream;

import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The log of a stage: what is deleted of it, what must not be, and who takes it up. */
final class StageLogTest {
  private static final long BASE = Times.parse("2026-11-20T10:00:00Z");
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @TempDir private static Path directory;

  private static StreamBench bench;
  private static Admin admin;

  @BeforeAll
  static void startBroker() {
    bench = new StreamBench(directory.resolve("kafka"));
    admin = Admin.create(Map.of("bootstrap.servers", bench.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    bench.close();
  }

  private static StarfireConfig config(String prefix, String process, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("starfire.sources.impressions.topic", prefix + "-impressions");
    values.put("starfire.sources.clicks.topic", prefix + "-clicks");
    values.put("starfire.stream.lateness", "1m");
    values.put("starfire.stream.partitions", "1");
    return bench.config(prefix, directory.resolve("state-" + process), values);
  }

  private static void createTopics(String prefix) {
    bench.topic(prefix + "-impressions", 1);
    bench.topic(prefix + "-clicks", 1);
  }

  private static List<String> results(String prefix) {
    return Ads.results(bench.read(prefix + "-data-source-ad_events"));
  }

  private static void awaitResults(StreamDriver driver, String prefix, int count) {
    await(driver.status().toString())
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(driver.status().failure()).isNull();
              return results(prefix).size() >= count;
            });
  }

  private static String log(StreamDriver driver) {
    return driver.status().applicationId() + "-clicked-log";
  }

  @Test
  void theHeadOfALogIsDeletedAsFarAsARestartDoesNotNeedIt() throws Exception {
    createTopics("h");
    StarfireConfig config = config("h", "h", Map.of());
    String log;
    long firstNeeded;
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      log = log(driver);
      // The windows are ten minutes long; the watermark is a minute behind.
      Ads.sendMinutes(bench, "h", BASE, 0, 30);
      awaitResults(driver, "h", 18);
      Ads.sendMinutes(bench, "h", BASE, 30, 60);
      awaitResults(driver, "h", 48);
      await().atMost(DEADLINE).until(() -> bench.firstOffset(log) > 0);
      firstNeeded = bench.firstOffset(log);
    }
    assertThat(bench.read(log).get(0).offset()).isEqualTo(firstNeeded);
    assertThat(new LogCodec().deserialize(log, bench.read(log).get(0).value()))
        .isInstanceOf(LogRecord.Turn.class);
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      Ads.sendMinutes(bench, "h", BASE, 60, 90);
      awaitResults(driver, "h", 78);
      await()
          .atMost(DEADLINE)
          .untilAsserted(
              () -> {
                // A click whose impression went before the restart was matched, and stays so.
                assertThat(driver.status().count("clicked-secondary", "MATCHED")).isEqualTo(39);
                assertThat(driver.status().count("clicked-secondary", "ORPHAN")).isEqualTo(39);
              });
    }
    assertThat(results("h"))
        .isSubsetOf(Ads.expectedOfMinutes(BASE, 0, 90))
        .containsAll(Ads.expectedOfMinutes(BASE, 0, 78));
    assertThat(results("h")).doesNotHaveDuplicates();
  }

  /** A turn is one record, and what takes longer than a transaction may is never committed. */
  @Test
  void aJumpOfTheWatermarkIsMadeOfSeveralTurnsThatEachLetGoOfALittle() throws Exception {
    createTopics("j");
    StarfireConfig config = config("j", "j", Map.of());
    int count = 5_000;
    long end = BASE + Duration.ofHours(1).toMillis();
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      for (int i = 0; i < count; i++) {
        long at = BASE + 10L * i;
        bench.send("j-impressions", 0, at, Ads.impression("i" + i, at, false));
      }
      bench.send("j-impressions", 0, end, Ads.impression("last", end, false));
      bench.send("j-clicks", 0, end, Ads.click("nobody", end));
      bench.flush();
      awaitResults(driver, "j", count);
      String log = log(driver);
      LogCodec codec = new LogCodec();
      List<Long> turns =
          bench.read(log).stream()
              .map(record -> codec.deserialize(log, record.value()))
              .filter(LogRecord.Turn.class::isInstance)
              .map(turn -> ((LogRecord.Turn) turn).watermark())
              .filter(watermark -> watermark > BASE + Duration.ofMinutes(10).toMillis())
              .toList();
      assertThat(turns).hasSizeGreaterThanOrEqualTo(3).isSorted().doesNotHaveDuplicates();
    }
    assertThat(results("j")).hasSize(count).doesNotHaveDuplicates();
  }

  @Test
  void aHeadThatSomebodyElseHasDeletedIsADataLossWithTheIntervalToMend() throws Exception {
    createTopics("x");
    StarfireConfig config = config("x", "x", Map.of());
    String log;
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      log = log(driver);
      Ads.sendMinutes(bench, "x", BASE, 0, 20);
      awaitResults(driver, "x", 8);
    }
    TopicPartition partition = new TopicPartition(log, 0);
    long last = bench.read(log).get(bench.read(log).size() - 1).offset();
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(last - 1))).all().get();
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      await().atMost(DEADLINE).until(() -> driver.failure() != null);
      assertThat(driver.failure().code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT);
      assertThat(driver.failure())
          .hasMessageStartingWith("data loss: offsets [")
          .hasMessageContaining("of topic '" + log + "' partition 0 were deleted")
          .hasMessageContaining("to 2026-11-20T10:19:30.000Z can be wrong")
          .hasMessageContaining("--reset --from committed");
    }
    assertThat(results("x")).containsAll(Ads.expectedOfMinutes(BASE, 0, 8)).doesNotHaveDuplicates();
  }

  @Test
  void aLogThatWouldLoseWhatIsOldIsRefused() throws Exception {
    createTopics("c");
    StarfireConfig config = config("c", "c", Map.of());
    String log;
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      log = log(driver);
    }
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, log),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("retention.ms", "604800000"), AlterConfigOp.OpType.SET))))
        .all()
        .get();
    assertThatThrownBy(() -> bench.start(Ads.Counted.class, config))
        .isInstanceOf(StarfireException.class)
        .hasMessageStartingWith(
            "topic '" + log + "' has retention.ms=604800000 and must have retention.ms=-1");
  }

  @Test
  void aStreamOfTheOlderLayoutIsRefusedAndAResetGoesOnBehindIt() throws Exception {
    createTopics("o");
    StarfireConfig config = config("o", "o", Map.of());
    String application;
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      application = driver.status().applicationId();
    }
    bench.topic(application + "-clicked-primary-repartition", 1);
    assertThatThrownBy(() -> bench.start(Ads.Counted.class, config))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageStartingWith(
            "the stream '" + application + "' was run by an earlier version of Starfire")
        .hasMessageContaining("--reset --from committed");
  }

  @ParameterizedTest
  @EnumSource(StreamSettings.State.class)
  void aProcessThatStandsByTakesUpTheStateOfOneThatLeaves(StreamSettings.State state)
      throws Exception {
    String name = "s" + state;
    createTopics(name);
    Map<String, String> standby =
        Map.of(
            "starfire.kafka.properties.num.standby.replicas",
            "1",
            "starfire.stream.state",
            state.name());
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    Logger logger = (Logger) LoggerFactory.getLogger(RestoreProgress.class);
    try (StreamDriver second = bench.start(Ads.Counted.class, config(name, name + "1", standby))) {
      try (StreamDriver first = bench.start(Ads.Counted.class, config(name, name + "2", standby))) {
        Ads.sendMinutes(bench, name, BASE, 0, 30);
        awaitResults(first, name, 18);
        logger.addAppender(said);
      }
      Ads.sendMinutes(bench, name, BASE, 30, 60);
      awaitResults(second, name, 48);
    } finally {
      logger.detachAppender(said);
    }
    assertThat(results(name))
        .isSubsetOf(Ads.expectedOfMinutes(BASE, 0, 60))
        .containsAll(Ads.expectedOfMinutes(BASE, 0, 48))
        .doesNotHaveDuplicates();
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains("clicked-log' partition 0, offset 0 to"));
  }

  @Test
  void stateInRocksDbGoesOnFromItsCheckpointAndWithoutItFromTheLog() throws Exception {
    createTopics("k");
    StarfireConfig config = config("k", "k", Map.of("starfire.stream.state", "rocksdb"));
    String log;
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      log = log(driver);
      Ads.sendMinutes(bench, "k", BASE, 0, 30);
      awaitResults(driver, "k", 18);
    }
    Path states = directory.resolve("state-k").resolve(log.replace("-clicked-log", ""));
    Path checkpoints = states.resolve("rocksdb").resolve("clicked-0");
    Path newest;
    try (Stream<Path> all = Files.list(checkpoints)) {
      newest = all.filter(one -> one.toString().contains("/at-")).max(naturalOrder()).orElseThrow();
    }
    long position = Long.parseLong(newest.toString().replaceFirst(".*/at-", ""));
    // What the checkpoint holds cannot come from the log any more.
    admin
        .deleteRecords(Map.of(new TopicPartition(log, 0), RecordsToDelete.beforeOffset(position)))
        .all()
        .get();
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      Ads.sendMinutes(bench, "k", BASE, 30, 60);
      awaitResults(driver, "k", 48);
    }
    assertThat(results("k"))
        .isSubsetOf(Ads.expectedOfMinutes(BASE, 0, 60))
        .containsAll(Ads.expectedOfMinutes(BASE, 0, 48))
        .doesNotHaveDuplicates();
  }

  @Test
  void whereATurnWasWrittenSaysNothingOfHowFarItsTaskHasRead() {
    List<String> told = new ArrayList<>();
    Callback callback =
        TrackedProducer.unplaced(
            (metadata, failure) ->
                told.add(metadata.topic() + " " + metadata.partition() + " " + metadata.offset()));
    TopicPartition log = new TopicPartition("a-log", 3);
    callback.onCompletion(new RecordMetadata(log, 17, 0, 5, 1, 2), null);
    assertThat(told).containsExactly("a-log -1 17");
  }

  @Test
  void aProcessKeepsItsNameAndSharesItsDirectoryWithNoOther() throws Exception {
    createTopics("p");
    StarfireConfig config = config("p", "p", Map.of());
    Path file;
    String first;
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      file =
          directory
              .resolve("state-p")
              .resolve(driver.status().applicationId())
              .resolve("process-name");
      first = Files.readString(file);
      assertThatThrownBy(() -> bench.start(Ads.Counted.class, config))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("needs a starfire.stream.state-dir of its own");
    }
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      assertThat(Files.readString(file)).isEqualTo(first);
      String name = driver.status().applicationId() + "-" + first + "-1";
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  admin.listTransactions().all().get().stream()
                      .anyMatch(one -> one.transactionalId().equals(name)));
    }
  }

  @Test
  void theStateOfGenerationsThatAreOverIsDeletedUnlessAProcessUsesIt() throws Exception {
    Path states = directory.resolve("old-states");
    for (String name :
        List.of("a-b-01234567", "a-b-89abcdef-g2", "a-b-01234567-g3", "a-c-01234567")) {
      Files.createDirectories(states.resolve(name).resolve("rocksdb").resolve("stage-0"));
    }
    try (ProcessName used = ProcessName.take(states, "a-b-89abcdef-g2", Duration.ZERO)) {
      OldStates.delete(states, "a-b", 3);
      assertThat(used.member("x")).isNotEqualTo(used.member("y")).isEqualTo(used.member("x"));
    }
    assertThat(states)
        .isDirectoryNotContaining(path -> path.endsWith("a-b-01234567"))
        .isDirectoryContaining(path -> path.endsWith("a-b-89abcdef-g2"))
        .isDirectoryContaining(path -> path.endsWith("a-b-01234567-g3"))
        .isDirectoryContaining(path -> path.endsWith("a-c-01234567"));
  }

  @Test
  void aRestoreSaysHowFarItIs() {
    RestoreProgress progress = new RestoreProgress(() -> {});
    TopicPartition one = new TopicPartition("a-log", 0);
    TopicPartition other = new TopicPartition("a-log", 1);
    Stream.of(one, other).forEach(log -> progress.onRestoreStart(log, "state", 100, 300));
    progress.onBatchRestored(one, "state", 199, 90);
    assertThat(progress.describe())
        .contains("state is being restored: 100 of 400 records of 2 partitions");
    progress.onRestoreEnd(one, "state", 180);
    assertThat(progress.isRestoring()).isTrue();
    progress.onRestoreEnd(other, "state", 180);
    assertThat(progress.isRestoring()).isFalse();
    assertThat(progress.describe()).isEmpty();
  }
}
