package io.starfire.stream;

import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/**
 * Deletes the heads of the logs as far as they are not needed any more. A task finds at a position
 * what is needed from there on; it is deleted below that when the consumer group has committed the
 * position, since a task that starts anew goes on from what is committed. Thread-safe.
 */
final class LogHeads {
  private final KafkaCalls kafka;
  private final String group;
  private final GroupOffsets offsets;
  private final Map<TopicPartition, Deque<Finding>> findings = new ConcurrentHashMap<>();

  /** Up to where each log was deleted, so that this is asked for once. */
  private final Map<TopicPartition, Long> deleted = new ConcurrentHashMap<>();

  LogHeads(KafkaCalls kafka, String group) {
    this.kafka = kafka;
    this.group = group;
    this.offsets = new GroupOffsets(kafka);
  }

  /** From {@code position} on, nothing below {@code low} is needed. */
  private record Finding(long position, long low) {}

  /** A task says what it has found. */
  void note(TopicPartition log, long position, long low) {
    Deque<Finding> found = findings.computeIfAbsent(log, missing -> new ArrayDeque<>());
    synchronized (found) {
      if (found.isEmpty() ? low > 0 : low > found.peekLast().low()) {
        found.addLast(new Finding(position, low));
      }
    }
  }

  /** Where a log begins. */
  long start(TopicPartition log) {
    return offsets.logStarts(Set.of(log)).get(log);
  }

  /**
   * What a task has to know of its log before it begins.
   *
   * @param topicId of the topic
   * @param start where the log begins
   * @param committed up to where the group has read it, exclusive; 0 if it has not
   */
  record Situation(String topicId, long start, long committed) {}

  Situation situation(TopicPartition log) {
    return new Situation(
        TopicFact.of(kafka, Set.of(log.topic())).get(log.topic()).id(),
        start(log),
        offsets.committed(group).getOrDefault(log, 0L));
  }

  /**
   * Deletes what may be deleted.
   *
   * @throws StarfireException with UNAVAILABLE if no broker answers; it is done the next time
   */
  void delete() {
    if (findings.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> committed = offsets.committed(group);
    Map<TopicPartition, RecordsToDelete> heads = new HashMap<>();
    findings.forEach(
        (log, found) -> {
          long low = takeCommitted(found, committed.getOrDefault(log, 0L));
          if (low > deleted.getOrDefault(log, 0L)) {
            heads.put(log, RecordsToDelete.beforeOffset(low));
          }
        });
    if (!heads.isEmpty()) {
      var unused = kafka.get("delete the heads of logs", kafka.admin().deleteRecords(heads).all());
      heads.forEach((log, head) -> deleted.put(log, head.beforeOffset()));
    }
  }

  private static long takeCommitted(Deque<Finding> found, long committed) {
    long low = 0;
    synchronized (found) {
      // The last one stays, so that what is found again is known.
      while (!found.isEmpty() && found.peekFirst().position() <= committed) {
        low = found.peekFirst().low();
        if (found.size() == 1) {
          break;
        }
        found.removeFirst();
      }
    }
    return low;
  }
}
