package io.starfire.stream;

import static io.starfire.stream.StreamBench.await;
import static io.starfire.stream.StreamBench.histogram;
import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterHeaders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random on-time events on a real broker against a brute-force join over lists. */
final class JoinStreamTest {
  private static final long BASE = Times.parse("2026-11-20T10:00:00Z");
  private static final long LATENESS = 60_000;
  private static final long WINDOW = 600_000;
  private static final int PARTITIONS = 3;

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

  private record Event(boolean isImpression, int partition, String id, long at) {
    String json() {
      return isImpression ? Ads.impression(id, at, partition == 0) : Ads.click(id, at);
    }
  }

  /** On-time events in order of arrival, then one on each partition that closes all windows. */
  private static List<Event> events(long seed, int count, boolean duplicates) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    long highest = BASE;
    for (int i = 0; i < count; i++) {
      highest += random.nextInt(4_000);
      // Half the lateness, because partitions are written side by side.
      long at = highest - random.nextInt((int) LATENESS / 2);
      boolean isImpression = random.nextInt(3) > 0;
      String id = random.nextInt(20) == 0 ? null : "i" + random.nextInt(count / 3);
      Event event = new Event(isImpression, random.nextInt(PARTITIONS), id, at);
      events.add(event);
      if (duplicates && isImpression && id != null && random.nextInt(5) == 0) {
        events.add(new Event(true, random.nextInt(PARTITIONS), id, at));
      }
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      events.add(new Event(true, partition, "end", highest + 10 * WINDOW));
      events.add(new Event(false, partition, "end", highest + 10 * WINDOW));
    }
    return events;
  }

  private static Map<String, Long> expected(List<Event> events, boolean identity, boolean first) {
    Set<String> seen = new HashSet<>();
    List<String> results = new ArrayList<>();
    for (Event primary : events) {
      boolean again = identity && primary.id() != null && !seen.add(primary.id() + primary.at());
      if (!primary.isImpression() || again || "end".equals(primary.id())) {
        continue;
      }
      Set<Long> matches = new HashSet<>();
      for (Event secondary : events) {
        if (!secondary.isImpression()
            && primary.id() != null
            && primary.id().equals(secondary.id())
            && secondary.at() >= primary.at()
            && secondary.at() <= primary.at() + WINDOW) {
          matches.add(secondary.at());
        }
      }
      long clicks = first ? Math.min(1, matches.size()) : matches.size();
      results.add(primary.at() + " " + primary.id() + " " + clicks);
    }
    return histogram(results);
  }

  private static StarfireConfig config(String prefix, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("starfire.sources.impressions.topic", prefix + "-impressions");
    values.put("starfire.sources.clicks.topic", prefix + "-clicks");
    values.put("starfire.stream.lateness", LATENESS + "ms");
    values.put("starfire.stream.partitions", Integer.toString(PARTITIONS));
    return bench.config(prefix, directory.resolve("state"), values);
  }

  private static void createTopics(String prefix) {
    bench.topic(prefix + "-impressions", PARTITIONS);
    bench.topic(prefix + "-clicks", PARTITIONS);
  }

  private static void send(String prefix, List<Event> events) throws Exception {
    for (Event event : events) {
      bench.send(
          prefix + (event.isImpression() ? "-impressions" : "-clicks"),
          event.partition(),
          event.at(),
          event.json());
    }
    bench.flush();
  }

  private static Map<String, Long> results(String prefix) {
    List<String> results = Ads.results(bench.read(prefix + "-data-source-ad_events"));
    // The closing events of the last partitions to be read may match each other.
    results.removeIf(result -> result.contains(" end "));
    return histogram(results);
  }

  private static void awaitResults(StreamDriver driver, List<Event> events, long after)
      throws InterruptedException {
    long end = events.stream().mapToLong(Event::at).max().orElseThrow() - LATENESS - after;
    await(
        driver,
        driver::status,
        () -> driver.status().results().getOrDefault("ad_events", 0L) >= end);
  }

  @Test
  void deduplicationAndJoinOverTwoShufflesEqualTheBruteForce() throws Exception {
    createTopics("d");
    List<Event> events = events(1, 2_000, true);
    try (StreamDriver driver =
        bench.start(Ads.Deduplicated.class, config("d", Map.of("starfire.stream.threads", "2")))) {
      send("d", events);
      awaitResults(driver, events, WINDOW);
      assertThat(driver.status().count("impressions-deduplicated", "LATE")).isZero();
      assertThat(driver.status().count("clicked-secondary", "LATE")).isZero();
      assertThat(driver.status().count("impressions-deduplicated", "DUPLICATE")).isPositive();
      long impressions = events.stream().filter(Event::isImpression).count();
      assertThat(driver.status().count("impressions", "EMITTED")).isEqualTo(impressions);
      Map<String, Long> counts = driver.status().outcomes().get("impressions-deduplicated");
      assertThat(counts.get("EMITTED") + counts.get("DUPLICATE")).isEqualTo(impressions);
    }
    assertThat(results("d")).isEqualTo(expected(events, true, true));
  }

  @Test
  void aSlowUpstreamTaskMakesNothingLate() throws Exception {
    createTopics("s");
    List<Event> events = events(2, 1_200, false);
    send("s", events);
    try (StreamDriver driver =
        bench.start(Ads.Counted.class, config("s", Map.of("starfire.stream.threads", "2")))) {
      awaitResults(driver, events, WINDOW);
      assertThat(driver.status().count("clicked-primary", "LATE")).isZero();
      assertThat(driver.status().count("clicked-secondary", "LATE")).isZero();
    }
    assertThat(results("s")).isEqualTo(expected(events, false, false));
  }

  @Test
  void aRestartInTheMiddleChangesNothing() throws Exception {
    for (String state : List.of("memory", "rocksdb")) {
      String prefix = "r-" + state;
      createTopics(prefix);
      StarfireConfig config = config(prefix, Map.of("starfire.stream.state", state));
      List<Event> events = events(3, 1_500, true);
      int half = events.size() / 2;
      try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config)) {
        send(prefix, events.subList(0, half));
        await(driver, driver::status, () -> driver.status().results().containsKey("ad_events"));
      }
      try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config)) {
        send(prefix, events.subList(half, events.size()));
        awaitResults(driver, events, WINDOW);
        assertThat(driver.status().count("impressions", "EMITTED"))
            .isEqualTo(events.stream().filter(Event::isImpression).count());
      }
      assertThat(results(prefix)).isEqualTo(expected(events, true, true));
    }
  }

  @Test
  void aLateEventIsCountedAndGoesToTheDeadLettersWithItsCoordinates() throws Exception {
    createTopics("l");
    try (StreamDriver driver = bench.start(Ads.Deduplicated.class, config("l", Map.of()))) {
      List<Event> events = events(4, 30, false);
      send("l", events);
      awaitResults(driver, events, WINDOW);
      send("l", List.of(new Event(true, 1, "late", BASE), new Event(false, 2, "late", BASE)));
      await(
          driver,
          driver::status,
          () ->
              driver.status().count("impressions-deduplicated", "LATE") == 1
                  && driver.status().count("clicked-secondary", "LATE") == 1);
    }
    assertThat(bench.read("l-deduplicated-dead-letters"))
        .hasSize(2)
        .allSatisfy(
            letter -> {
              assertThat(StreamBench.header(letter, DeadLetterHeaders.name(DeadLetter.OUTCOME)))
                  .isEqualTo("LATE");
              assertThat(StreamBench.header(letter, DeadLetterHeaders.name(DeadLetter.CONTENT)))
                  .isEqualTo("raw");
              assertThat(StreamBench.header(letter, DeadLetterHeaders.name(DeadLetter.PARTITION)))
                  .isEqualTo(
                      StreamBench.header(letter, DeadLetterHeaders.name(DeadLetter.SOURCE))
                              .equals("clicks")
                          ? "2"
                          : "1");
            });
  }
}
