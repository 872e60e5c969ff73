package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that grow, go away and come back under a stream, on a real broker. */
final class TopicChangeTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long BASE = 1_000_000_000_000L;
  private static final long SECOND = 1_000;

  @TempDir private static Path directory;

  private static StreamBench bench;
  private static Admin admin;

  @BeforeAll
  static void startBroker() {
    bench = new StreamBench(directory.resolve("kafka"));
    admin = Admin.create(Map.of("bootstrap.servers", (Object) bench.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    bench.close();
  }

  private static StarfireConfig config(String prefix) {
    return bench.config(
        prefix,
        directory.resolve("state"),
        Map.of(
            "starfire.sources.impressions.topic",
            prefix + "-impressions",
            "starfire.sources.clicks.topic",
            prefix + "-clicks",
            "starfire.stream.lateness",
            "1s",
            "starfire.stream.idle-timeout",
            "3s"));
  }

  private static void createTopics(String prefix) {
    bench.topic(prefix + "-impressions", 2);
    bench.topic(prefix + "-clicks", 2);
  }

  private static void impression(String prefix, int partition, String id, long at) {
    bench.send(prefix + "-impressions", partition, at, Ads.impression(id, at, false));
  }

  private static void click(String prefix, int partition, String id, long at) {
    bench.send(prefix + "-clicks", partition, at, Ads.click(id, at));
  }

  private static void awaitResults(StreamDriver driver, long atLeast) {
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              assertThat(driver.failure()).isNull();
              return driver.status().results().getOrDefault("ad_events", 0L) >= atLeast;
            });
  }

  private static List<String> ids(String prefix) {
    List<String> ids = new ArrayList<>();
    for (String result : Ads.results(bench.read(prefix + "-data-source-ad_events"))) {
      ids.add(result.split(" ")[1]);
    }
    return ids;
  }

  private static long emitted(String source, StreamDriver... processes) {
    long sum = 0;
    for (StreamDriver process : processes) {
      assertThat(process.failure()).isNull();
      sum += process.status().count(source, "EMITTED");
    }
    return sum;
  }

  /**
   * Two processes share the work, and both go on. Lateness is a second. While the stream has not
   * heard of the new partition, the others run ahead of it by a minute; what was appended to it
   * before was on time then, and stays so.
   */
  @Test
  void aPartitionThatIsAddedIsReadFromItsStartAndWhatWasOnTimeThereIsNotLate() throws Exception {
    createTopics("grow");
    List<String> sent = new ArrayList<>();
    StarfireConfig elsewhere =
        config("grow")
            .withOverrides(
                Map.of("starfire.stream.state-dir", directory.resolve("other").toString()));
    try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config("grow"))) {
      try (StreamDriver other = bench.start(Ads.Deduplicated.class, elsewhere)) {
        for (int i = 0; i < 20; i++) {
          impression("grow", i % 2, "a" + i, BASE + i * SECOND);
          click("grow", i % 2, "a" + i, BASE + i * SECOND);
          sent.add("a" + i);
        }
        bench.flush();
        await().atMost(DEADLINE).until(() -> emitted("clicks", driver, other) == 20);
        admin.createPartitions(Map.of("grow-impressions", NewPartitions.increaseTo(3))).all().get();
        try (StreamBench.Sender fresh = bench.sender()) {
          for (int i = 20; i < 25; i++) {
            String id = "new" + i;
            fresh.send(
                "grow-impressions",
                2,
                BASE + i * SECOND,
                Ads.impression(id, BASE + i * SECOND, false));
            sent.add(id);
          }
        }
        for (int i = 25; i < 80; i++) {
          impression("grow", i % 2, "b" + i, BASE + i * SECOND);
          click("grow", i % 2, "b" + i, BASE + i * SECOND);
          sent.add("b" + i);
        }
        bench.flush();
        await().atMost(DEADLINE).until(() -> emitted("impressions", driver, other) == sent.size());
        assertThat(other.status().notice()).contains("has started anew");
      }
      long end = BASE + 2_000 * SECOND;
      try (StreamBench.Sender fresh = bench.sender()) {
        fresh.send("grow-impressions", 2, end, Ads.impression("end", end, false));
      }
      for (int partition = 0; partition < 2; partition++) {
        impression("grow", partition, "end", end);
        click("grow", partition, "end", end);
      }
      bench.flush();
      awaitResults(driver, BASE + 100 * SECOND);
      assertThat(driver.status().count("impressions-deduplicated", "LATE")).isZero();
      assertThat(driver.status().count("clicked-secondary", "LATE")).isZero();
      assertThat(driver.status().problem()).isNull();
      assertThat(driver.status().notice())
          .contains("topic 'grow-impressions' has grown from 2 to 3 partitions");
    }
    List<String> ids = ids("grow");
    ids.removeIf("end"::equals);
    assertThat(ids).containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void aTopicThatWasMadeAnewIsRefusedWithBothIdsAndNewTopicGoesOnWithIt() throws Exception {
    createTopics("anew");
    try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config("anew"))) {
      for (int i = 0; i < 10; i++) {
        impression("anew", i % 2, "a" + i, BASE + i * SECOND);
        click("anew", i % 2, "a" + i, BASE + i * SECOND);
      }
      bench.flush();
      await().atMost(DEADLINE).until(() -> driver.status().count("impressions", "EMITTED") == 10);
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  driver.status().watermarks().getOrDefault("impressions-deduplicated", 0L) > BASE);
    }
    String before = id("anew-impressions");
    leaveALateEventOnTheWay();
    deleteAndMakeAnew("anew-impressions");
    String after = id("anew-impressions");
    for (int i = 10; i < 16; i++) {
      impression("anew", i % 2, "b" + i, BASE + i * SECOND);
      click("anew", i % 2, "b" + i, BASE + i * SECOND);
    }
    bench.flush();
    assertThatThrownBy(() -> bench.start(Ads.Deduplicated.class, config("anew")))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT))
        .hasMessageContaining("data loss: topic 'anew-impressions' was deleted and created again")
        .hasMessageContaining(
            "[0, 5) of partition 0, [0, 5) of partition 1 of the topic with id " + before)
        .hasMessageContaining(
            "has id " + after + " and holds [0, 3) of partition 0, [0, 3) of partition 1")
        .hasMessageContaining("--new-topic");
    List<String> told = new ArrayList<>();
    try (StreamDriver driver =
        StreamDriver.start(
            StreamOptions.of(
                    Ads.Deduplicated.class.getName(),
                    Ads.Deduplicated.class.getClassLoader(),
                    config("anew"))
                .beginning(Beginning.NEW_TOPIC, told::add))) {
      long end = BASE + 2_000 * SECOND;
      for (int partition = 0; partition < 2; partition++) {
        impression("anew", partition, "end", end);
        click("anew", partition, "end", end);
      }
      bench.flush();
      awaitResults(driver, BASE + 100 * SECOND);
      assertThat(driver.status().count("impressions-deduplicated", "LATE")).isEqualTo(1);
    }
    // Its coordinates mean another record now.
    assertThat(bench.read("anew-deduplicated-dead-letters"))
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(StreamBench.header(letter, DeadLetterHeaders.name(DeadLetter.CONTENT)))
                  .isEqualTo("canonical");
              assertThat(StreamBench.header(letter, DeadLetterHeaders.name(DeadLetter.REASON)))
                  .contains("read from the topic with id " + before + ", which was deleted since");
            });
    assertThat(told).singleElement().asString().contains(before, after);
    List<String> ids = ids("anew");
    ids.removeIf("end"::equals);
    assertThat(ids).hasSize(16).doesNotHaveDuplicates();
    // Accepted once, it is the topic of the stream.
    bench.start(Ads.Deduplicated.class, config("anew")).close();
  }

  public static final class Plain implements Pipeline {
    @Override
    public void define(Flow flow) {
      flow.source("impressions", Ads.Impression.class)
          .eventTime(Ads.Impression::at)
          .withoutIdentity()
          .map(Ads.AdEvent.class, impression -> new Ads.AdEvent(impression.id(), false, 0))
          .to(Ads.EVENTS);
    }
  }

  /** The consumer sees nothing of it, and the watch over the topics is not due for an hour. */
  @Test
  void recordsOfATopicThatWasRefilledUnderTheStreamDoNotCountBehindThoseOfTheOldOne()
      throws Exception {
    StarfireConfig config =
        config("refilled")
            .withOverrides(
                Map.of(
                    "starfire.stream.broadcast-interval", "1h",
                    "starfire.stream.idle-timeout", "2h"));
    String topic = "refilled-impressions";
    bench.topic(topic, 1);
    refill(topic, "old", 3);
    try (StreamDriver driver = bench.start(Plain.class, config)) {
      await()
          .atMost(DEADLINE)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> ids("refilled").size() == 3);
      String before = id(topic);
      admin.deleteTopics(List.of(topic)).all().get();
      bench.topic(topic, 1);
      refill(topic, "new", 8);
      await().atMost(DEADLINE).until(() -> driver.failure() != null);
      assertThat(driver.failure().code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT);
      assertThat(driver.failure())
          .hasMessageContaining("data loss: topic '" + topic + "' was deleted and created again")
          .hasMessageContaining("the topic with id " + before);
    }
    assertThat(ids("refilled")).containsExactly("old0", "old1", "old2");
    try (StreamDriver driver =
        StreamDriver.start(
            StreamOptions.of(Plain.class.getName(), Plain.class.getClassLoader(), config)
                .beginning(Beginning.NEW_TOPIC, told -> {}))) {
      await().atMost(DEADLINE).until(() -> ids("refilled").size() >= 11);
      assertThat(driver.failure()).isNull();
    }
    assertThat(ids("refilled")).hasSize(11).doesNotHaveDuplicates();
  }

  private static void refill(String topic, String id, int records) throws Exception {
    try (StreamBench.Sender fresh = bench.sender()) {
      for (int i = 0; i < records; i++) {
        long at = BASE + i * SECOND;
        fresh.send(topic, 0, at, Ads.impression(id + i, at, false));
      }
    }
  }

  @Test
  void aTopicThatIsDeletedUnderTheStreamEndsItWithASentenceThatSaysWhatToDo() throws Exception {
    createTopics("gone");
    // A topic that is missing for less than the stall timeout may be one of a broker that restarts.
    StarfireConfig config =
        config("gone")
            .withOverrides(
                Map.of(
                    "starfire.stream.stall-timeout", "1s",
                    "starfire.stream.shutdown-timeout", "20s"));
    try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config)) {
      impression("gone", 0, "a", BASE);
      bench.flush();
      await().atMost(DEADLINE).until(() -> driver.status().count("impressions", "EMITTED") == 1);
      admin.deleteTopics(List.of("gone-impressions")).all().get();
      await().atMost(DEADLINE).until(() -> driver.failure() != null);
      assertThat(driver.failure().code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT);
      assertThat(driver.failure())
          .hasMessageContaining("topic 'gone-impressions'")
          .hasMessageContaining(
              "was deleted under the stream, which had read [0, 1) of partition 0")
          .hasMessageContaining("--new-topic");
      // The commit of the last work does not wait for the topic.
      long startNanos = System.nanoTime();
      driver.close();
      assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
          .isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void aTopicOfTheStreamThatIsGoneIsALossThatIsSaidWithTheCommandsThatMendIt() throws Exception {
    createTopics("own");
    String application;
    try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config("own"))) {
      application = driver.status().applicationId();
      impression("own", 0, "a", BASE);
      bench.flush();
      await().atMost(DEADLINE).until(() -> driver.status().count("impressions", "EMITTED") == 1);
    }
    List<String> own = new ArrayList<>(admin.listTopics().names().get());
    own.removeIf(topic -> !topic.startsWith(application));
    // Two sources and two stages with their progress, and the logs of the two stages.
    assertThat(own).hasSize(6);
    admin.deleteTopics(own.subList(1, own.size())).all().get();
    for (String topic : own.subList(1, own.size())) {
      assertThatThrownBy(() -> bench.start(Ads.Deduplicated.class, config("own")))
          .isInstanceOfSatisfying(
              StarfireException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT))
          .hasMessageContaining("data loss: of the stream '" + application + "'")
          .hasMessageContaining("topic '" + topic + "'")
          .hasMessageContaining("bin/starfire stream CLASS --reset --from committed")
          .hasMessageContaining("bin/starfire batch CLASS --interval");
    }
    // A journal that is gone does not make it a new stream.
    admin.deleteTopics(List.of("own-deduplicated-journal")).all().get();
    assertThatThrownBy(() -> bench.start(Ads.Deduplicated.class, config("own")))
        .hasMessageContaining("the journal of the stream, is gone or empty");
  }

  private static String id(String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .topicId()
        .toString();
  }

  /** As if the stream had stopped while the first impression was between two stages. */
  private static void leaveALateEventOnTheWay() throws Exception {
    List<String> log = new ArrayList<>(admin.listTopics().names().get());
    log.removeIf(topic -> !topic.matches("anew-.*-impressions-deduplicated-log"));
    ConsumerRecord<byte[], byte[]> oldest = null;
    byte[] block = null;
    long oldestMillis = Long.MAX_VALUE;
    for (ConsumerRecord<byte[], byte[]> record : bench.read(log.get(0))) {
      if (new LogCodec().deserialize("", record.value()) instanceof LogRecord.Block read) {
        BlockReader entry = new BlockReader("", read);
        while (entry.next()) {
          if (!entry.isMark() && entry.timeMillis() < oldestMillis) {
            oldestMillis = entry.timeMillis();
            oldest = record;
            BlockWriter one = new BlockWriter();
            one.event(entry.input(), entry.key(), oldestMillis, entry.origin(), entry.value());
            block = one.take();
          }
        }
      }
    }
    bench.send(new ProducerRecord<>(oldest.topic(), oldest.partition(), oldest.key(), block));
    bench.flush();
  }

  private static void deleteAndMakeAnew(String topic) throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
    await().atMost(DEADLINE).until(() -> !admin.listTopics().names().get().contains(topic));
    bench.topic(topic, 2);
  }
}
