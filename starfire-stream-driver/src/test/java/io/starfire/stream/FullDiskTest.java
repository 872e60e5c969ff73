package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that is really full. A build cannot make one, so a person does: {@code mount -t tmpfs -o
 * size=64m tmpfs DIRECTORY}, then {@code -Dstarfire.small-disk=DIRECTORY}.
 */
@EnabledIfSystemProperty(named = "starfire.small-disk", matches = ".+")
class FullDiskTest {
  private static final long BASE = Times.parse("2026-11-20T10:00:00Z");
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  @TempDir private static Path directory;

  @ParameterizedTest
  @EnumSource(StreamSettings.State.class)
  void aStartSaysSoAndAStreamThatRunsGoesOnWhileItCan(StreamSettings.State state) throws Exception {
    Path disk = Path.of(System.getProperty("starfire.small-disk"));
    String prefix = "full-" + state;
    Path filler = disk.resolve("filler-" + state);
    try (StreamBench bench = new StreamBench(directory.resolve(prefix))) {
      bench.topic(prefix + "-impressions", 1);
      bench.topic(prefix + "-clicks", 1);
      Path own = disk.resolve(prefix);
      StarfireConfig config = config(bench, prefix, own, state);
      fill(filler);
      requireStartedOrRefused(bench, config, own);
      Files.delete(filler);
      try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
        Ads.sendMinutes(bench, prefix, BASE, 0, 30);
        awaitResults(driver, bench, prefix, 18);
        fill(filler);
        // The log is at the broker: nothing of it needs this disk yet.
        Ads.sendMinutes(bench, prefix, BASE, 30, 40);
        awaitResults(driver, bench, prefix, 28);
      }
      Files.delete(filler);
      try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
        Ads.sendMinutes(bench, prefix, BASE, 40, 60);
        awaitResults(driver, bench, prefix, 48);
      }
      assertThat(results(bench, prefix))
          .containsAll(Ads.expectedOfMinutes(BASE, 0, 48))
          .doesNotHaveDuplicates();
    }
  }

  /** What the stream notes at its start depends on where its state is. */
  private static void requireStartedOrRefused(
      StreamBench bench, StarfireConfig config, Path directory) {
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      assertThat(driver.failure()).isNull();
    } catch (StarfireException e) {
      System.out.println(e.getMessage());
      assertThat(e)
          .hasMessageStartingWith("disk full: the state of the stream ")
          .hasMessageContaining("at " + directory)
          .hasMessageEndingWith("make room there and start again");
    }
  }

  private static void awaitResults(
      StreamDriver driver, StreamBench bench, String prefix, int count) {
    await()
        .atMost(DEADLINE)
        .untilAsserted(
            () -> {
              assertThat(driver.failure()).isNull();
              assertThat(results(bench, prefix)).containsAll(Ads.expectedOfMinutes(BASE, 0, count));
            });
  }

  private static StarfireConfig config(
      StreamBench bench, String prefix, Path stateDirectory, StreamSettings.State state) {
    Map<String, String> values = new HashMap<>();
    values.put("starfire.sources.impressions.topic", prefix + "-impressions");
    values.put("starfire.sources.clicks.topic", prefix + "-clicks");
    values.put("starfire.stream.lateness", "1m");
    values.put("starfire.stream.partitions", "1");
    values.put("starfire.stream.state", state.name());
    return bench.config(prefix, stateDirectory, values);
  }

  private static void fill(Path filler) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (; ; ) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  private static List<String> results(StreamBench bench, String prefix) {
    return Ads.results(bench.read(prefix + "-data-source-ad_events"));
  }
}
