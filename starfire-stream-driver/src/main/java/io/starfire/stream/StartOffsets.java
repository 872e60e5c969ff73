package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.stream.StoredProgress.Positions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Says where the stream begins to read: it commits an offset for every partition before the first
 * start, so that an offset that is missing or gone later is noticed as the loss that it is.
 *
 * <p>A new generation that follows another begins where that one had got to. It looks when that one
 * has no process any more that could go on. Offsets that Kafka has forgotten, because the group was
 * away for a week, come from what the stream has stored with its state.
 */
final class StartOffsets {
  private static final Duration MEMBERS_PATIENCE = Duration.ofSeconds(30);

  private final StreamSettings settings;
  private final GroupOffsets groups;
  private final StoredProgress stored;
  private final JournalEntry.Generation generation;

  StartOffsets(KafkaCalls kafka, StreamSettings settings, JournalEntry.Generation generation) {
    this.settings = settings;
    this.groups = new GroupOffsets(kafka);
    this.stored = new StoredProgress(kafka, settings);
    this.generation = generation;
  }

  /**
   * Commits what is missing.
   *
   * @param raw the raw partitions that the stream reads
   * @param rawIds the ids of the raw topics, by name: an offset of one topic means another record
   *     in another topic of that name
   * @param logs the partitions of logs that the stream reads, each with the stage's name
   */
  void prepare(
      Set<TopicPartition> raw, Map<String, String> rawIds, Map<TopicPartition, String> logs) {
    Set<TopicPartition> all = new HashSet<>(raw);
    all.addAll(logs.keySet());
    Map<TopicPartition, Long> known = groups.committed(generation.application());
    known.keySet().retainAll(all);
    Map<TopicPartition, Long> missing = new HashMap<>();
    if (!known.keySet().containsAll(all)) {
      Map<TopicPartition, Long> found = positions(known.isEmpty(), rawIds, logs);
      for (TopicPartition partition : all) {
        if (!known.containsKey(partition)) {
          missing.put(partition, found.get(partition));
        }
      }
      missing.forEach(
          (partition, at) -> {
            if (at != null) {
              known.put(partition, at);
            }
          });
    }
    Map<TopicPartition, Long> logStarts = groups.logStarts(all);
    requirePresent(known, logStarts);
    if (missing.isEmpty()) {
      return;
    }
    missing.replaceAll((partition, at) -> at == null ? logStarts.get(partition) : at);
    groups.commitMissing(
        generation.application(), missing, settings.shutdownTimeout().plus(MEMBERS_PATIENCE));
  }

  private Map<TopicPartition, Long> positions(
      boolean isFirst, Map<String, String> rawIds, Map<TopicPartition, String> logs) {
    Map<TopicPartition, Long> found = new HashMap<>();
    generation
        .starts()
        .forEach(
            (topic, start) -> {
              if (start.id().equals(rawIds.get(topic))) {
                start
                    .offsets()
                    .forEach(
                        (partition, at) -> found.put(new TopicPartition(topic, partition), at));
              }
            });
    if (isFirst && generation.follows() != null) {
      groups.awaitIdle(generation.follows());
      Map<TopicPartition, Long> before = groups.settled(generation.follows());
      // A topic that was created again since has offsets of its own.
      before.keySet().removeIf(partition -> !isSame(partition.topic(), rawIds));
      before.forEach((partition, at) -> found.merge(partition, at, Math::max));
    }
    Positions own = stored.of(generation.application());
    own.ofTopics(rawIds).forEach((partition, at) -> found.merge(partition, at, Math::max));
    logs.forEach(
        (partition, name) -> {
          Long at = own.logs().getOrDefault(name, Map.of()).get(partition.partition());
          if (at != null) {
            found.put(partition, at);
          }
        });
    return found;
  }

  private boolean isSame(String topic, Map<String, String> rawIds) {
    JournalEntry.TopicStart start = generation.starts().get(topic);
    return start != null && start.id().equals(rawIds.get(topic));
  }

  private void requirePresent(
      Map<TopicPartition, Long> positions, Map<TopicPartition, Long> logStarts) {
    Map<String, Map<Integer, Long>> from = new TreeMap<>();
    Map<String, Map<Integer, Long>> to = new TreeMap<>();
    positions.forEach(
        (partition, at) -> {
          long start = logStarts.get(partition);
          if (at < start) {
            from.computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), at);
            to.computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), start);
          }
        });
    if (from.isEmpty()) {
      return;
    }
    List<String> lost =
        from.entrySet().stream()
            .map(
                topic ->
                    "%s of topic '%s'"
                        .formatted(
                            Ranges.between(topic.getValue(), to.get(topic.getKey())),
                            topic.getKey()))
            .toList();
    throw new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "data loss: offsets %s were deleted before the stream '%s' had read them; begin it anew behind them with 'bin/starfire stream CLASS --reset --from committed', and mend their interval with 'bin/starfire batch CLASS --interval INTERVAL'"
            .formatted(String.join("; ", lost), generation.application()));
  }
}
