package io.starfire.stream;

import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** How far a generation has read, and where the next one begins. Stateless. */
final class ResetOffsets {
  private final KafkaCalls kafka;
  private final StreamSettings settings;
  private final GroupOffsets groups;

  ResetOffsets(KafkaCalls kafka, StreamSettings settings) {
    this.kafka = kafka;
    this.settings = settings;
    this.groups = new GroupOffsets(kafka);
  }

  /**
   * Up to where the present generation has read each partition, also of topics that this plan does
   * not name; missing where that is unknown.
   */
  Map<TopicPartition, Long> reached(
      StreamReset.Subject subject, JournalState state, Set<String> applications, int present) {
    Map<String, String> ids = new TreeMap<>(state.topicIds());
    subject.raw().forEach((topic, fact) -> ids.putIfAbsent(topic, fact.id()));
    Map<TopicPartition, Long> reached = new HashMap<>();
    Set<String> mine = new TreeSet<>();
    if (state.generation() != null) {
      mine.add(state.generation().application());
      // A generation that has not run yet is where it was to begin.
      state
          .generation()
          .starts()
          .forEach((topic, start) -> mergeStarts(reached, ids.get(topic), topic, start));
      if (state.generation().follows() != null) {
        mine.add(state.generation().follows());
      }
    } else {
      mine.addAll(applications);
      mine.removeIf(
          application -> ApplicationId.generation(subject.baseId(), application) != present);
    }
    StoredProgress stored = new StoredProgress(kafka, settings);
    for (String application : mine) {
      groups
          .settled(application)
          .forEach(
              (partition, at) -> {
                if (ids.containsKey(partition.topic())) {
                  reached.merge(partition, at, Math::max);
                }
              });
      stored
          .of(application)
          .ofTopics(ids)
          .forEach((partition, at) -> reached.merge(partition, at, Math::max));
    }
    // Offsets of a topic that was created again since are those of another topic.
    reached
        .keySet()
        .removeIf(
            partition -> {
              TopicFact now = subject.raw().get(partition.topic());
              return now != null && !now.id().equals(ids.get(partition.topic()));
            });
    return reached;
  }

  private static void mergeStarts(
      Map<TopicPartition, Long> reached, String id, String topic, JournalEntry.TopicStart start) {
    if (!start.id().equals(id)) {
      return;
    }
    start
        .offsets()
        .forEach(
            (partition, offset) ->
                reached.merge(new TopicPartition(topic, partition), offset, Math::max));
  }

  /** Where the next generation begins to read each raw partition. */
  Map<TopicPartition, Long> starts(
      StreamReset.Subject subject, StartFrom from, Map<TopicPartition, Long> reached) {
    Set<TopicPartition> all = new HashSet<>();
    subject
        .raw()
        .forEach(
            (topic, fact) -> {
              for (int partition = 0; partition < fact.partitions(); partition++) {
                all.add(new TopicPartition(topic, partition));
              }
            });
    Map<TopicPartition, Long> earliest = groups.logStarts(all);
    return switch (from.kind()) {
      case EARLIEST -> earliest;
      case LATEST -> groups.logEnds(all);
      case TIME -> groups.logAt(all, from.timeMillis());
      case COMMITTED -> {
        Map<TopicPartition, Long> starts = new HashMap<>(earliest);
        starts.replaceAll(
            (partition, start) -> Math.max(start, reached.getOrDefault(partition, start)));
        yield starts;
      }
    };
  }

  /** The topics of which something is read that the present generation may have read. */
  Set<String> readAgain(
      StreamReset.Subject subject,
      JournalState state,
      Map<TopicPartition, Long> reached,
      Map<TopicPartition, Long> starts) {
    Set<String> again = new HashSet<>();
    Map<TopicPartition, Long> ends = groups.logEnds(starts.keySet());
    starts.forEach(
        (partition, start) -> {
          String known = state.topicIds().get(partition.topic());
          if (known == null && state.generation() != null) {
            // No generation has read it.
            return;
          }
          boolean madeAnew =
              known != null && !known.equals(subject.raw().get(partition.topic()).id());
          // Where it is not known how far the stream was, it may have read everything.
          long end = reached.getOrDefault(partition, madeAnew ? 0L : ends.get(partition));
          if (start < end) {
            again.add(partition.topic());
          }
        });
    return again;
  }
}
