package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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

  private final KafkaCalls kafka;
  private final String applicationId;

  StartOffsets(KafkaCalls kafka, String applicationId) {
    this.kafka = kafka;
    this.applicationId = applicationId;
  }

  /**
   * Commits what is missing.
   *
   * @param partitions all that the stream reads
   * @param baseId what the application ids of all versions of the pipeline begin with
   */
  void prepare(Set<TopicPartition> partitions, String baseId) {
    Map<TopicPartition, OffsetAndMetadata> committed = committed(applicationId);
    Map<TopicPartition, Long> logStarts = logStarts(partitions);
    committed.forEach(
        (partition, offset) -> requirePresent(partition, offset, logStarts.get(partition)));
    Set<TopicPartition> missing = new HashSet<>(partitions);
    missing.removeAll(committed.keySet());
    if (missing.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> before = committed.isEmpty() ? predecessors(baseId) : Map.of();
    Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
    for (TopicPartition partition : missing) {
      long offset = Math.max(logStarts.get(partition), before.getOrDefault(partition, 0L));
      start.put(partition, new OffsetAndMetadata(offset));
    }
    try {
      kafka.get(
          "commit first offsets",
          kafka.admin().alterConsumerGroupOffsets(applicationId, start).all());
    } catch (StarfireException e) {
      // A second process that starts at the same time has done it.
      if (!committed(applicationId).keySet().containsAll(partitions)) {
        throw e;
      }
    }
  }

  private void requirePresent(TopicPartition partition, OffsetAndMetadata offset, Long logStart) {
    if (logStart != null && offset.offset() < logStart) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "data loss: offsets %d to %d of topic '%s' partition %d were deleted before the stream '%s' had read them; mend their interval by a batch run, and start the stream under another starfire.stream.application-id-prefix"
              .formatted(
                  offset.offset(),
                  logStart - 1,
                  partition.topic(),
                  partition.partition(),
                  applicationId));
    }
  }

  private Map<TopicPartition, Long> predecessors(String baseId) {
    Pattern version = Pattern.compile(Pattern.quote(baseId) + "-[0-9a-f]{8}");
    Map<TopicPartition, Long> furthest = new HashMap<>();
    for (GroupListing group : kafka.get("list groups", kafka.admin().listGroups().all())) {
      if (version.matcher(group.groupId()).matches() && !group.groupId().equals(applicationId)) {
        LOG.warn(
            "the plan has changed so that the state of '{}' does not fit: starting as '{}' with empty state, where that one had got to",
            group.groupId(),
            applicationId);
        committed(group.groupId())
            .forEach((partition, offset) -> furthest.merge(partition, offset.offset(), Math::max));
      }
    }
    return furthest;
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        new HashMap<>(
            kafka.get(
                "list offsets of group " + group,
                kafka
                    .admin()
                    .listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                    .partitionsToOffsetAndMetadata(group)));
    offsets.values().removeIf(Objects::isNull);
    return offsets;
  }

  private Map<TopicPartition, Long> logStarts(Set<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, OffsetSpec.earliest()));
    Map<TopicPartition, Long> starts = new HashMap<>();
    kafka
        .get("list the starts of logs", kafka.admin().listOffsets(wanted).all())
        .forEach((partition, found) -> starts.put(partition, found.offset()));
    return starts;
  }
}
