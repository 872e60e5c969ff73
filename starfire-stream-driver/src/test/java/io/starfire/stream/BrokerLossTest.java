package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starfire.common.ErrorCode;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away, and one that comes back with nothing, under a running stream. */
final class BrokerLossTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long BASE = 1_000_000_000_000L;
  private static final Duration STOP = Duration.ofSeconds(2);

  @TempDir private Path directory;

  @Test
  void aBrokerThatIsAwayMakesTheStreamUnhealthyAndOneThatHasLostItsDataEndsIt() throws Exception {
    StreamBench bench = new StreamBench(directory.resolve("kafka"));
    bench.topic("x-impressions", 2);
    bench.topic("x-clicks", 2);
    StarfireConfig config =
        bench.config(
            "x",
            directory.resolve("state"),
            Map.of(
                "starfire.sources.impressions.topic", "x-impressions",
                "starfire.sources.clicks.topic", "x-clicks",
                "starfire.kafka.connect-timeout", "3s",
                "starfire.stream.stall-timeout", "1s",
                "starfire.stream.shutdown-timeout", STOP.toMillis() + "ms"));
    StreamDriver driver = bench.start(Ads.Deduplicated.class, config);
    try {
      for (int i = 0; i < 500; i++) {
        bench.send("x-impressions", i % 2, Ads.impression("i" + i, BASE + i * 1_000L, false));
        bench.send("x-clicks", i % 2, Ads.click("i" + i, BASE + i * 1_000L));
      }
      bench.flush();
      await().atMost(DEADLINE).until(() -> driver.status().count("clicks", "EMITTED") > 0);
      int port = Integer.parseInt(bench.bootstrapServers().split(":")[1]);
      bench.close();
      await()
          .atMost(DEADLINE)
          .untilAsserted(() -> assertThat(driver.status().problem()).contains("has answered for"));
      deleteAll(directory.resolve("kafka"));
      try (EmbeddedKafka empty =
          EmbeddedKafka.builder(directory.resolve("kafka")).port(port).start()) {
        empty.createTopic("x-impressions", 2);
        empty.createTopic("x-clicks", 2);
        await().atMost(DEADLINE).until(() -> driver.failure() != null);
        assertThat(driver.failure().code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT);
        assertThat(driver.failure()).hasMessageContaining("data loss: topic 'x-");
        long startNanos = System.nanoTime();
        driver.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
            .isLessThan(STOP.plusSeconds(1));
      }
    } finally {
      driver.close();
    }
  }

  /**
   * The thread of a task hangs in the pipeline's own code, and the stop has to come all the same.
   */
  @Test
  void aTaskThatHangsIsNotHealthyAndAStopEndsInTime() throws Exception {
    try (StreamBench bench = new StreamBench(directory.resolve("kafka"))) {
      bench.topic("h-events", 1);
      StarfireConfig config =
          bench.config(
              "h",
              directory.resolve("state"),
              Map.of(
                  "starfire.sources.events.topic", "h-events",
                  "starfire.stream.stall-timeout", "1s",
                  "starfire.stream.shutdown-timeout", "1s"));
      StreamDriver driver = bench.start(Ads.Hanging.class, config);
      try {
        bench.send("h-events", 0, Ads.click("a", BASE));
        bench.flush();
        await()
            .atMost(DEADLINE)
            .untilAsserted(
                () ->
                    assertThat(driver.status().problem())
                        .contains("the task of stage 'events' for partition 0 has not moved"));
      } finally {
        long startNanos = System.nanoTime();
        driver.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
            .isLessThan(Duration.ofSeconds(2));
        Ads.Hanging.GATE.countDown();
      }
    }
  }

  private static void deleteAll(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path path : all) {
        Files.delete(path);
      }
    }
  }
}
