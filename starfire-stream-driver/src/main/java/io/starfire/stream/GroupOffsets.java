package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** What the brokers know of a pipeline's consumer groups and of the logs they read. Stateless. */
final class GroupOffsets {
  /** Longer than a member that died is remembered, and than its transaction may stay open. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final KafkaCalls kafka;

  GroupOffsets(KafkaCalls kafka) {
    this.kafka = kafka;
  }

  /** What a group has committed; nothing if there is no such group. */
  Map<TopicPartition, Long> committed(String group) {
    return committed(group, false);
  }

  /**
   * What a group that has no members any more has committed. Waits for the end of a transaction
   * that a dead member has left open.
   */
  Map<TopicPartition, Long> settled(String group) {
    long startNanos = System.nanoTime();
    while (true) {
      try {
        return committed(group, true);
      } catch (StarfireException e) {
        if (e.code() != ErrorCode.UNAVAILABLE || isOver(startNanos, PATIENCE)) {
          throw e;
        }
      }
    }
  }

  private Map<TopicPartition, Long> committed(String group, boolean stable) {
    Map<TopicPartition, OffsetAndMetadata> found =
        new HashMap<>(
            kafka.get(
                "list offsets of group " + group,
                kafka
                    .admin()
                    .listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec()),
                        new ListConsumerGroupOffsetsOptions().requireStable(stable))
                    .partitionsToOffsetAndMetadata(group)));
    found.values().removeIf(Objects::isNull);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    found.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }

  /**
   * Sets the offsets of a group.
   *
   * @throws StarfireException with UNAVAILABLE, also if a member of the group is running
   */
  void commit(String group, Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    offsets.forEach((partition, offset) -> all.put(partition, new OffsetAndMetadata(offset)));
    kafka.get("commit first offsets", kafka.admin().alterConsumerGroupOffsets(group, all).all());
  }

  /**
   * Commits offsets where the group has none. Waits for members to leave that run before there are
   * such offsets: brokers take them only for a group without members.
   *
   * @throws StarfireException with CONFLICT if they do not leave
   */
  void commitMissing(String group, Map<TopicPartition, Long> offsets, Duration patience) {
    long startNanos = System.nanoTime();
    Map<TopicPartition, Long> missing = new HashMap<>(offsets);
    while (true) {
      try {
        commit(group, missing);
        return;
      } catch (StarfireException e) {
        missing.keySet().removeAll(committed(group).keySet());
        if (missing.isEmpty()) {
          // Another process of the stream has done it.
          return;
        }
        if (!(e.getCause() instanceof UnknownMemberIdException)) {
          throw e;
        }
        if (isOver(startNanos, patience)) {
          throw new StarfireException(
              ErrorCode.CONFLICT,
              "the stream '%s' has to begin to read %s, and processes that do not know of them (%s) have not left within %s; stop them, and start the stream again"
                  .formatted(
                      group,
                      new TreeSet<>(missing.keySet().stream().map(Object::toString).toList()),
                      String.join(", ", members(group)),
                      patience),
              e);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * Waits until a group has no members.
   *
   * @throws StarfireException with CONFLICT if it still has some after a while
   */
  void awaitIdle(String group) {
    long startNanos = System.nanoTime();
    while (!members(group).isEmpty()) {
      if (isOver(startNanos, PATIENCE)) {
        requireIdle(Set.of(group));
        return;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean isOver(long startNanos, Duration patience) {
    return System.nanoTime() - startNanos > patience.toNanos();
  }

  /** The names of all topics. */
  Set<String> topics() {
    return kafka.get("list topics", kafka.admin().listTopics().names());
  }

  /** The names of all groups. */
  Set<String> groups() {
    Set<String> names = new TreeSet<>();
    for (GroupListing group : kafka.get("list groups", kafka.admin().listGroups().all())) {
      names.add(group.groupId());
    }
    return names;
  }

  /** The application ids of all versions of a pipeline, of all generations. */
  Set<String> applications(String baseId) {
    Set<String> ids = new TreeSet<>();
    for (String topic : topics()) {
      ApplicationId.ofTopic(baseId, topic).ifPresent(ids::add);
    }
    for (String group : groups()) {
      if (ApplicationId.generation(baseId, group) > 0) {
        ids.add(group);
      }
    }
    return ids;
  }

  /**
   * Refuses if a process is a member of one of the groups.
   *
   * @throws StarfireException with CONFLICT
   */
  void requireIdle(Set<String> groups) {
    for (String group : groups) {
      List<String> members = members(group);
      if (!members.isEmpty()) {
        throw new StarfireException(
            ErrorCode.CONFLICT,
            "the stream '%s' is running (%s); stop every process of it first. A process that was killed or has failed counts as running for ten seconds"
                .formatted(group, String.join(", ", members)));
      }
    }
  }

  private List<String> members(String group) {
    ConsumerGroupDescription description;
    try {
      description =
          kafka.get(
              "describe group " + group,
              kafka.admin().describeConsumerGroups(List.of(group)).describedGroups().get(group));
    } catch (StarfireException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw e;
    }
    List<String> members = new ArrayList<>();
    description
        .members()
        .forEach(member -> members.add(member.clientId() + " at " + member.host()));
    return members;
  }

  Map<TopicPartition, Long> logStarts(Set<TopicPartition> partitions) {
    return list("list the starts of logs", partitions, OffsetSpec.earliest());
  }

  /** Up to where the logs can be read: an open transaction is not skipped. */
  Map<TopicPartition, Long> logEnds(Set<TopicPartition> partitions) {
    return list("list the ends of logs", partitions, OffsetSpec.latest());
  }

  /** The first records stamped at or after a time; the end of the log where there is none. */
  Map<TopicPartition, Long> logAt(Set<TopicPartition> partitions, long timeMillis) {
    Map<TopicPartition, Long> found =
        list("find offsets by time", partitions, OffsetSpec.forTimestamp(timeMillis));
    Map<TopicPartition, Long> ends = logEnds(partitions);
    found.replaceAll((partition, offset) -> offset < 0 ? ends.get(partition) : offset);
    return found;
  }

  /** The stamp of the first record that each log holds, in milliseconds; -1 if it holds none. */
  Map<TopicPartition, Long> firstStamps(Set<TopicPartition> partitions) {
    Map<TopicPartition, Long> stamps = new HashMap<>();
    ask("find the first records", partitions, OffsetSpec.forTimestamp(0))
        .forEach((partition, found) -> stamps.put(partition, found.timestamp()));
    return stamps;
  }

  private Map<TopicPartition, Long> list(
      String what, Set<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    ask(what, partitions, spec)
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  private Map<TopicPartition, ListOffsetsResultInfo> ask(
      String what, Set<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, spec));
    return kafka.get(
        what,
        kafka
            .admin()
            .listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all());
  }
}
