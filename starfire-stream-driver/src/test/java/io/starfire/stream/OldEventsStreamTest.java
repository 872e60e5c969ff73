package io.starfire.stream;

import static io.starfire.stream.StreamBench.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of 2001 on a broker that deletes, several times a second, what is stamped as old. */
final class OldEventsStreamTest {
  private static final long BASE = Times.parse("2001-01-01T10:00:00Z");
  private static final long SHORT_RETENTION_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final int EVENTS = 50;

  @TempDir private static Path directory;

  private static StreamBench bench;

  @BeforeAll
  static void startBroker() {
    bench =
        new StreamBench(
            directory.resolve("kafka"),
            Map.of(
                "log.retention.check.interval.ms", "100",
                "log.initial.task.delay.ms", "100",
                "log.segment.delete.delay.ms", "0"));
  }

  @AfterAll
  static void stopBroker() {
    bench.close();
  }

  @Test
  void retentionDeletesNothingOfWhatTheStreamWrites() throws Exception {
    bench.topic("o-impressions", 1);
    bench.topic("o-clicks", 1);
    bench.topic("control", 1, Map.of("retention.ms", Long.toString(SHORT_RETENTION_MILLIS)));
    StarfireConfig config =
        bench.config(
            "o",
            directory.resolve("state"),
            Map.of(
                "starfire.sources.impressions.topic", "o-impressions",
                "starfire.sources.clicks.topic", "o-clicks",
                "starfire.stream.lateness", "1s",
                "starfire.stream.retention", "10m"));
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      for (int i = 0; i < EVENTS; i++) {
        long at = BASE + i * 1_000L;
        bench.send("o-impressions", 0, at, Ads.impression("i" + i, at, false));
        bench.send("o-clicks", 0, at, Ads.click("i" + i, at));
      }
      long end = BASE + Duration.ofHours(1).toMillis();
      bench.send("o-impressions", 0, end, Ads.impression("end", end, false));
      bench.send("o-clicks", 0, end, Ads.click("end", end));
      bench.flush();
      await(
          driver,
          driver::status,
          () -> driver.status().results().getOrDefault("ad_events", 0L) > BASE + EVENTS * 1_000L);

      // A record that is stamped with its event's time is gone at the next check but one.
      bench.send("control", 0, BASE, "old");
      bench.flush();
      await(driver, driver::status, () -> bench.firstOffset("control") == 1);

      // What the stream does not need any more it deletes itself.
      String log = driver.status().applicationId() + "-clicked-log";
      List<ConsumerRecord<byte[], byte[]>> left = bench.read(log);
      assertThat(left)
          .isNotEmpty()
          .allSatisfy(record -> assertThat(record.timestamp()).isGreaterThan(end));
    }
    assertThat(Ads.results(bench.read("o-data-source-ad_events"))).hasSize(EVENTS);
  }
}
