package io.starfire.stream;

import static io.starfire.stream.StreamBench.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdleStreamTest {
  private static final long BASE = Times.parse("2026-11-20T10:00:00Z");
  private static final long MINUTE = 60_000;

  @TempDir private static Path directory;

  private static StreamBench bench;

  private final ShiftedClock clock = new ShiftedClock();

  @BeforeAll
  static void startBroker() {
    // Changelogs are stamped by the stream's clock, which the tests put forward.
    bench =
        new StreamBench(
            directory.resolve("kafka"),
            Map.of("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)));
  }

  @AfterAll
  static void stopBroker() {
    bench.close();
  }

  private static StarfireConfig config(String prefix) {
    bench.topic(prefix + "-impressions", 2);
    bench.topic(prefix + "-clicks", 1);
    Map<String, String> values = new HashMap<>();
    values.put("starfire.sources.impressions.topic", prefix + "-impressions");
    values.put("starfire.sources.clicks.topic", prefix + "-clicks");
    values.put("starfire.stream.lateness", "1s");
    values.put("starfire.stream.idle-timeout", "300ms");
    return bench.config(prefix, directory.resolve("state"), values);
  }

  private static void impression(String prefix, int partition, String id, long at)
      throws Exception {
    bench.send(prefix + "-impressions", partition, Ads.impression(id, at, false));
    bench.flush();
  }

  private static List<String> results(String prefix) {
    return Ads.results(bench.read(prefix + "-data-source-ad_events"));
  }

  @Test
  void quietPartitionsHoldNothingBackAndTheirOnTimeEventsAreNotLate() throws Exception {
    StarfireConfig config = config("q");
    try (StreamDriver driver = bench.start(Ads.Quick.class, config)) {
      impression("q", 0, "first", BASE);
      impression("q", 0, "second", BASE + 60_000);
      await(driver, () -> results("q"), () -> results("q").contains(BASE + " first 0"));
      // As old as an on-time event can be: the highest event time less the lateness.
      impression("q", 0, "third", BASE + 90_000);
      impression("q", 1, "quiet", BASE + 89_000);
      impression("q", 0, "last", BASE + 120_000);
      await(driver, () -> results("q"), () -> results("q").contains((BASE + 89_000) + " quiet 0"));
      assertThat(driver.status().count("clicked-primary", "LATE")).isZero();
    }
  }

  @Test
  void aPartitionInWhichAllTransactionsWereAbortedHoldsNothingBack() throws Exception {
    StarfireConfig config = config("a");
    bench.abort("a-impressions", 1, 3);
    try (StreamDriver driver = bench.start(Ads.Quick.class, config)) {
      impression("a", 0, "first", BASE);
      bench.abort("a-impressions", 1, 3);
      impression("a", 0, "second", BASE + 60_000);
      await(driver, () -> results("a"), () -> results("a").contains(BASE + " first 0"));
      await(
          driver,
          driver::status,
          () -> driver.status().lag().values().stream().allMatch(lag -> lag == 0));
    }
  }

  /** There are four tasks: of two partitions of impressions, one of clicks, one of the join. */
  @Test
  void aProcessWithoutATaskHoldsNothingBackAndIsWell() throws Exception {
    StarfireConfig config = config("w").withOverrides(Map.of("starfire.stream.partitions", "1"));
    List<StreamDriver> drivers = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        String own = directory.resolve("state-w" + i).toString();
        drivers.add(
            bench.start(
                Ads.Quick.class, config.withOverrides(Map.of("starfire.stream.state-dir", own))));
      }
      await(
          drivers.get(0),
          drivers::toString,
          () ->
              drivers.stream().allMatch(one -> one.status().state() == StreamStatus.State.RUNNING));
      impression("w", 0, "first", BASE);
      impression("w", 0, "second", BASE + 60_000);
      await(drivers.get(0), () -> results("w"), () -> results("w").contains(BASE + " first 0"));
      assertThat(drivers)
          .allSatisfy(
              driver -> {
                assertThat(driver.status().failure()).isNull();
                assertThat(driver.status().problem()).isNull();
              });
    } finally {
      drivers.forEach(StreamDriver::close);
    }
  }

  @Test
  void theLastUnmatchedPrimariesOfAStreamThatStopsAreProducedAfterTheGrace() throws Exception {
    StarfireConfig config =
        config("e").withOverrides(Map.of("starfire.stream.silence-grace", "1s"));
    try (StreamDriver driver = bench.start(Ads.Quick.class, config)) {
      impression("e", 0, "only", BASE);
      await(driver, driver::status, () -> !results("e").isEmpty());
      assertThat(results("e")).containsExactly(BASE + " only 0");
      long watermark = driver.status().watermarks().get("clicked");
      assertThat(watermark).isBetween(BASE + 500, BASE + 60_000);
    }
  }

  @Test
  void aBacklogThatComesWithinTheGraceIsOnTime() throws Exception {
    StarfireConfig config = config("g");
    try (StreamDriver driver = bench.start(Ads.Quick.class, config, clock)) {
      impression("g", 0, "before", BASE + 5_000);
      awaitWatermark(driver, BASE + 4_000, BASE + 4_000);
      clock.advance(Duration.ofMinutes(59));
      assertThat(driver.awaitEnd(Duration.ofSeconds(1))).isFalse();
      impression("g", 1, "backlog", BASE + 6_000);
      impression("g", 0, "last", BASE + 60_000);
      await(driver, () -> results("g"), () -> results("g").contains((BASE + 6_000) + " backlog 0"));
      assertThat(driver.status().count("clicked-primary", "LATE")).isZero();
    }
  }

  @Test
  void whatASilenceBeyondTheGraceCostsIsCountedUnderItsOwnCause() throws Exception {
    StarfireConfig config = config("s");
    try (StreamDriver driver = bench.start(Ads.Quick.class, config, clock)) {
      impression("s", 0, "before", BASE + 5_000);
      awaitWatermark(driver, BASE + 4_000, BASE + 4_000);
      clock.advance(Duration.ofMinutes(90));
      awaitWatermark(driver, BASE + 4_000 + 30 * MINUTE, BASE + 4_000 + 31 * MINUTE);
      impression("s", 1, "too old", BASE + 3_000);
      impression("s", 1, "backlog", BASE + 6_000);
      await(driver, driver::status, () -> driver.status().count("clicked-primary", "LATE") == 2);
      assertThat(driver.status().count("clicked-primary", "LATE_BY_SILENCE")).isEqualTo(1);
    }
    assertThat(results("s")).containsExactly((BASE + 5_000) + " before 0");
    assertThat(bench.read("s-quick-dead-letters"))
        .extracting(letter -> StreamBench.header(letter, DeadLetterHeaders.name(DeadLetter.REASON)))
        .anyMatch(reason -> reason.contains("starfire.stream.silence-grace"))
        .anyMatch(reason -> !reason.contains("starfire.stream.silence-grace"));
  }

  @Test
  void aSilenceGoesOnWhileTheStreamIsStopped() throws Exception {
    StarfireConfig config = config("r");
    try (StreamDriver driver = bench.start(Ads.Quick.class, config, clock)) {
      impression("r", 0, "only", BASE);
      awaitWatermark(driver, BASE - 1_000, BASE - 1_000);
    }
    clock.advance(Duration.ofMinutes(50));
    try (StreamDriver driver = bench.start(Ads.Quick.class, config, clock)) {
      awaitWatermark(driver, BASE - 1_000, BASE - 1_000);
      assertThat(driver.awaitEnd(Duration.ofSeconds(1))).isFalse();
      assertThat(results("r")).isEmpty();
    }
    clock.advance(Duration.ofMinutes(20));
    try (StreamDriver driver = bench.start(Ads.Quick.class, config, clock)) {
      awaitWatermark(driver, BASE + 10 * MINUTE - 1_000, BASE + 11 * MINUTE);
      await(driver, () -> results("r"), () -> results("r").contains(BASE + " only 0"));
    }
  }

  private static void awaitWatermark(StreamDriver driver, long least, long most) throws Exception {
    await(
        driver,
        driver::status,
        () -> driver.status().watermarks().getOrDefault("clicked", Long.MIN_VALUE) >= least);
    assertThat(driver.status().watermarks().get("clicked")).isLessThanOrEqualTo(most);
  }

  @Test
  void anOpenTransactionIsNotIdleness() throws Exception {
    StarfireConfig config = config("t");
    Map<String, Object> properties =
        Map.of("bootstrap.servers", bench.bootstrapServers(), "transactional.id", "open");
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        StreamDriver driver = bench.start(Ads.Quick.class, config)) {
      producer.initTransactions();
      producer.beginTransaction();
      byte[] value = Ads.impression("open", BASE, false).getBytes(StandardCharsets.UTF_8);
      var sent = producer.send(new ProducerRecord<>("t-impressions", 1, null, value));
      producer.flush();
      assertThat(sent.get().offset()).isZero();
      impression("t", 0, "first", BASE);
      impression("t", 0, "second", BASE + 60_000);
      await(driver, driver::status, () -> driver.status().count("impressions", "EMITTED") == 2);
      assertThat(driver.awaitEnd(Duration.ofSeconds(1))).isFalse();
      assertThat(results("t")).isEmpty();
      producer.commitTransaction();
      await(driver, () -> results("t"), () -> results("t").contains(BASE + " open 0"));
      assertThat(driver.status().count("clicked-primary", "LATE")).isZero();
    }
  }
}
