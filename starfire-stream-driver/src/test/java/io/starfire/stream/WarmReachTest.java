package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.Pruning;
import io.starfire.archive.RawArchive;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the index of an archive says of a warm start, with an index in memory. */
final class WarmReachTest {
  private static final String TOPIC = "views";
  private static final String ID = "Ab";
  private static final Map<String, String> IDS = Map.of(TOPIC, ID);
  private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 1);
  private static final Duration BEHIND = Duration.ofMinutes(40);
  private static final Duration LATENESS = Duration.ofMinutes(5);

  private final Map<String, String> files = new TreeMap<>();
  private final WarmStart warm = new WarmStart(new Archive());

  private final class Archive implements RawArchive {
    @Override
    public String root() {
      return "memory";
    }

    @Override
    public ArchiveManifest manifest() {
      return new ArchiveManifest(
          new ArchiveManifest.Files() {
            @Override
            public List<String> list(String directory) {
              return files.keySet().stream()
                  .filter(path -> path.startsWith(directory + "/"))
                  .map(path -> path.substring(directory.length() + 1).replaceFirst("/.*", ""))
                  .distinct()
                  .toList();
            }

            @Override
            public byte[] read(String path) {
              return files.get(path).getBytes(StandardCharsets.UTF_8);
            }
          });
    }

    @Override
    public void read(ManifestEntry entry, Interval eventTimes, Reader reader) {
      throw new AssertionError("the index alone is asked");
    }
  }

  private static long at(String time) {
    return Times.parse("2026-11-20T" + time + ":00.000Z");
  }

  private static Interval from(String time) {
    return new Interval(at(time), at("23:00"));
  }

  @BeforeEach
  void archive() {
    start(Map.of());
  }

  private void start(Map<Integer, Long> offsets) {
    files.put(ArchiveLayout.topicStart(TOPIC, ID), new TopicStart(TOPIC, ID, 1, offsets).toJson());
  }

  /** A file with one event in each of these hours. */
  private void entry(int partition, long startOffset, long endOffset, String... hours) {
    Map<String, Long> rows = new TreeMap<>();
    for (String hour : hours) {
      rows.put("2026-11-20T" + hour + ":00.000Z", 1L);
    }
    files.put(
        ArchiveLayout.manifestEntry(TOPIC, ID, partition, startOffset),
        new ManifestEntry(
                TOPIC,
                ID,
                partition,
                startOffset,
                endOffset,
                "f",
                hours.length,
                rows,
                0,
                1,
                2,
                3,
                4)
            .toJson());
  }

  private static void refused(Runnable call, String sentence) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_INPUT))
        .hasMessageStartingWith("the stream cannot begin warm: archive memory lacks")
        .hasMessageContaining(sentence);
  }

  @Test
  void rowsBeginWhereEveryPartitionIsWholeLessWhatTheStreamIsBehind() {
    entry(0, 0, 10, "08:00", "10:00");
    entry(0, 10, 20, "11:00");
    entry(1, 0, 10, "09:00");
    // Partition 0 has lost what is before 11:00 and a bit of it; of the file at 10 a part is lost.
    assertThat(warm.wholeFrom(Map.of(ZERO, 12L), Map.of(ZERO, 30L), IDS, BEHIND))
        .contains(at("10:00"));
    assertThat(
            warm.wholeFrom(Map.of(ZERO, 12L, ONE, 10L), Map.of(ZERO, 30L, ONE, 11L), IDS, BEHIND))
        .as("the one that goes back furthest")
        .contains(at("08:00"));
  }

  @Test
  void aTopicThatHasLostNothingNeedsNoArchive() {
    assertThat(warm.wholeFrom(Map.of(ZERO, 0L), Map.of(ZERO, 30L), IDS, BEHIND)).isEmpty();
    assertThat(warm.entries(ZERO, ID, 0, from("10:00"), LATENESS)).isEmpty();
  }

  @Test
  void aPartitionOfWhichNothingIsLeftDoesNotSayWhereTheStreamBegins() {
    entry(0, 0, 10, "03:00");
    entry(1, 0, 10, "11:00");
    Map<TopicPartition, Long> starts = Map.of(ZERO, 10L, ONE, 10L);
    assertThat(warm.wholeFrom(starts, Map.of(ZERO, 10L, ONE, 30L), IDS, BEHIND))
        .contains(at("10:00"));
    assertThat(warm.wholeFrom(starts, Map.of(ZERO, 10L, ONE, 10L), IDS, BEHIND))
        .as("if nothing is left of any, the last of all")
        .contains(at("10:00"));
  }

  @Test
  void onlyFilesWithEventsThatAreNeededAreReadAndAllBelowTheTopicMustBeListed() {
    entry(0, 0, 10, "08:00");
    entry(0, 10, 20, "07:00", "10:00");
    entry(0, 20, 30, "11:00");
    assertThat(warm.entries(ZERO, ID, 25, from("10:00"), LATENESS))
        .extracting(ManifestEntry::startOffset)
        .containsExactly(10L, 20L);
    refused(
        () -> warm.entries(ZERO, ID, 31, from("10:00"), LATENESS),
        "it lists 'views' partition 0 up to offset 30, and the topic begins at offset 31");
    refused(
        () -> warm.entries(ONE, ID, 1, from("10:00"), LATENESS),
        "it lists 'views' partition 1 up to offset 0, and the topic begins at offset 1");
    refused(
        () -> warm.entries(ZERO, "Other", 1, from("10:00"), LATENESS),
        "it holds nothing of topic 'views' with id Other");
  }

  @Test
  void anArchiveThatBeginsLaterIsEnoughIfWhatLiesBeforeIsOlderThanWhatIsNeeded() {
    start(Map.of(0, 10L));
    entry(0, 10, 20, "08:00", "10:00");
    assertThat(warm.entries(ZERO, ID, 20, from("10:00"), LATENESS)).hasSize(1);
    refused(
        () -> warm.entries(ZERO, ID, 20, from("09:00"), LATENESS),
        "it begins with offset 10 of 'views' partition 0, and events from"
            + " 2026-11-20T09:00:00.000Z on are needed, which can lie before");
  }

  @Test
  void anArchiveThatWasPrunedIsEnoughIfNothingThatIsNeededWasDeleted() {
    entry(0, 10, 20, "10:00");
    files.put(
        ArchiveLayout.pruning(TOPIC, ID, 0, 10),
        new Pruning(TOPIC, ID, 0, 10, at("09:00"), 0, 5).toJson());
    assertThat(warm.entries(ZERO, ID, 20, from("09:00"), LATENESS)).hasSize(1);
    refused(
        () -> warm.entries(ZERO, ID, 20, from("08:00"), LATENESS),
        "events from 2026-11-20T08:00:00.000Z on are needed");
  }
}
