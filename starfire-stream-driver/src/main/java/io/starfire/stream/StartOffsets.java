package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where the stream begins to read: it commits an offset for every partition before the first
 * start, so that an offset that is missing or gone later is noticed as the loss that it is.
 *
 * <p>A stream that starts under a new application id, because the state of the old one does not fit
 * its plan any more, begins where the old one had got to, with empty state; else its data sources
 * would get everything twice.
 */
final class StartOffsets {
  private static final Logger LOG = LoggerFactory.getLogger(StartOffsets.class);

  private final GroupOffsets groups;
  private final String applicationId;

  StartOffsets(KafkaCalls kafka, String applicationId) {
    this.groups = new GroupOffsets(kafka);
    this.applicationId = applicationId;
  }

  /**
   * Commits what is missing.
   *
   * @param partitions all that the stream reads
   * @param baseId what the application ids of all versions of the pipeline begin with
   * @param generation that starts, with the offsets that a reset has set
   * @param rawIds the ids of the raw topics, by name: the offsets of a reset are those of one
   *     topic, and mean other records in another topic of that name
   */
  void prepare(
      Set<TopicPartition> partitions,
      String baseId,
      JournalEntry.Generation generation,
      Map<String, String> rawIds) {
    Map<TopicPartition, Long> committed = groups.committed(applicationId);
    Map<TopicPartition, Long> logStarts = groups.logStarts(partitions);
    committed.forEach(
        (partition, offset) -> requirePresent(partition, offset, logStarts.get(partition)));
    Set<TopicPartition> missing = new HashSet<>(partitions);
    missing.removeAll(committed.keySet());
    if (missing.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> before =
        committed.isEmpty() ? predecessors(baseId, generation.number()) : Map.of();
    Map<TopicPartition, Long> start = new HashMap<>();
    for (TopicPartition partition : missing) {
      JournalEntry.TopicStart set = generation.starts().get(partition.topic());
      boolean applies = set != null && set.id().equals(rawIds.get(partition.topic()));
      long first = applies ? set.offsets().getOrDefault(partition.partition(), 0L) : 0;
      long offset = Math.max(first, before.getOrDefault(partition, 0L));
      start.put(partition, Math.max(logStarts.get(partition), offset));
    }
    try {
      groups.commit(applicationId, start);
    } catch (StarfireException e) {
      // A second process that starts at the same time has done it.
      if (!groups.committed(applicationId).keySet().containsAll(partitions)) {
        throw e;
      }
    }
  }

  private void requirePresent(TopicPartition partition, long offset, Long logStart) {
    if (logStart != null && offset < logStart) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "data loss: offsets [%d, %d) of topic '%s' partition %d were deleted before the stream '%s' had read them; begin it anew behind them with --reset --from committed, and mend their interval with a batch run"
              .formatted(
                  offset, logStart, partition.topic(), partition.partition(), applicationId));
    }
  }

  private Map<TopicPartition, Long> predecessors(String baseId, int generation) {
    Map<TopicPartition, Long> furthest = new HashMap<>();
    for (String group : groups.applications(baseId)) {
      if (!group.equals(applicationId) && ApplicationId.generation(baseId, group) == generation) {
        LOG.warn(
            "the plan has changed so that the state of '{}' does not fit: starting as '{}' with"
                + " empty state, where that one had got to",
            group,
            applicationId);
        groups
            .committed(group)
            .forEach((partition, offset) -> furthest.merge(partition, offset, Math::max));
      }
    }
    return furthest;
  }
}
