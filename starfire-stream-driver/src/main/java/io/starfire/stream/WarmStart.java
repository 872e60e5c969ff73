package io.starfire.stream;

import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.Pruning;
import io.starfire.archive.RawArchive;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * What of the archive a warm start needs. A topic has lost its oldest records; the archive has
 * them. From the archive's index alone follows the event time from which on results can be whole:
 * the last hour of which each partition has lost something, less what a stream holds back.
 */
final class WarmStart {
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  private final RawArchive archive;

  WarmStart(RawArchive archive) {
    this.archive = archive;
  }

  /**
   * The event time from which on the stream writes results, a full hour; empty if the topics have
   * lost nothing, so that a cold start is as good.
   *
   * @param starts where each partition begins in its topic
   * @param ends where it ends
   * @param topicIds by topic
   * @param behind how far results may be behind the highest event time
   */
  Optional<Long> wholeFrom(
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, Long> ends,
      Map<String, String> topicIds,
      Duration behind) {
    Map<TopicPartition, Long> lost = new HashMap<>();
    starts.forEach(
        (partition, start) -> {
          if (start > 0) {
            long hour = lastHour(partition, topicIds.get(partition.topic()), start);
            if (hour >= 0) {
              lost.put(partition, hour);
            }
          }
        });
    // A partition of which nothing is left to read does not say where the stream begins.
    long whole =
        lost.entrySet().stream()
            .filter(one -> ends.get(one.getKey()) > starts.get(one.getKey()))
            .mapToLong(Map.Entry::getValue)
            .min()
            .orElseGet(() -> lost.values().stream().mapToLong(Long::longValue).max().orElse(-1));
    if (whole < 0) {
      return Optional.empty();
    }
    long from = whole - behind.toMillis();
    return Optional.of(Math.max(0, from - Math.floorMod(from, HOUR_MILLIS)));
  }

  private long lastHour(TopicPartition partition, String topicId, long before) {
    return listed(partition, topicId, before).stream()
        .mapToLong(entry -> entry.eventsBeforeMillis() - HOUR_MILLIS)
        .max()
        .orElse(-1);
  }

  /**
   * The entries whose files hold what is needed of one partition.
   *
   * @param before the offset at which the topic begins
   * @param needed the event times of which every event below that offset is needed
   * @param lateness how far events may be out of order
   * @throws StarfireException with INCOMPLETE_INPUT if the archive does not have all of them
   */
  List<ManifestEntry> entries(
      TopicPartition partition, String topicId, long before, Interval needed, Duration lateness) {
    if (before == 0) {
      return List.of();
    }
    List<ManifestEntry> listed = listed(partition, topicId, before);
    long end = listed.isEmpty() ? 0 : listed.get(listed.size() - 1).endOffset();
    if (end < before) {
      throw incomplete(
          "it lists '%s' partition %d up to offset %d, and the topic begins at offset %d"
              .formatted(partition.topic(), partition.partition(), end, before));
    }
    requireReach(partition, topicId, listed.get(0), needed, lateness);
    List<ManifestEntry> wanted = new ArrayList<>();
    for (ManifestEntry entry : listed) {
      if (entry.rowsPerEventHour().keySet().stream()
          .mapToLong(Times::parse)
          .anyMatch(hour -> new Interval(hour, hour + HOUR_MILLIS).overlaps(needed))) {
        wanted.add(entry);
      }
    }
    return wanted;
  }

  /** What lies before the first entry must be older than what is needed. */
  private void requireReach(
      TopicPartition partition,
      String topicId,
      ManifestEntry first,
      Interval needed,
      Duration lateness) {
    if (first.startOffset() == 0) {
      return;
    }
    Optional<Pruning> pruned =
        read(() -> archive.manifest().pruning(start(partition, topicId), partition.partition()));
    boolean isWhole =
        pruned
            .map(pruning -> pruning.eventsBeforeMillis() <= needed.startMillis())
            .orElseGet(
                () ->
                    first.rowsPerEventHour().keySet().stream()
                        .mapToLong(Times::parse)
                        .anyMatch(
                            hour ->
                                hour + HOUR_MILLIS + lateness.toMillis() <= needed.startMillis()));
    if (!isWhole) {
      throw incomplete(
          "it begins with offset %d of '%s' partition %d, and events from %s on are needed, which can lie before"
              .formatted(
                  first.startOffset(),
                  partition.topic(),
                  partition.partition(),
                  Times.format(needed.startMillis())));
    }
  }

  /** The entries below an offset. */
  private List<ManifestEntry> listed(TopicPartition partition, String topicId, long before) {
    return read(
        () -> {
          Optional<TopicStart> start = archive.manifest().start(partition.topic(), topicId);
          if (start.isEmpty()) {
            throw incomplete(
                "it holds nothing of topic '%s' with id %s".formatted(partition.topic(), topicId));
          }
          ArchiveManifest manifest = archive.manifest();
          return manifest.entries(start.get(), partition.partition(), false).stream()
              .filter(entry -> entry.startOffset() < before)
              .toList();
        });
  }

  private TopicStart start(TopicPartition partition, String topicId) throws IOException {
    return archive.manifest().start(partition.topic(), topicId).orElseThrow();
  }

  private StarfireException incomplete(String what) {
    return new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "the stream cannot begin warm: archive %s lacks what the topics have lost: %s. Begin without --warm, and make the first hours with a batch run"
            .formatted(archive.root(), what));
  }

  private <T> T read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "archive %s cannot be read: %s; check that the path is right"
              .formatted(archive.root(), e.getMessage()),
          e);
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }
}
