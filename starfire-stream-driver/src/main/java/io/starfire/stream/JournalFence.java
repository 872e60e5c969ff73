package io.starfire.stream;

import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Keeps a process that is behind from reading what a newer generation of its stream reads.
 *
 * <p>A process that begins a generation first appends it to the journal, and then looks whether the
 * group before has members. A task is first in its group, and then looks into the journal. So of
 * the two at least one sees the other, and no record is read by both. A member that its group has
 * lost cannot commit any more, and gets its tasks anew, each of which looks again. Thread-safe.
 */
final class JournalFence {
  private final KafkaCalls kafka;
  private final StreamJournal journal;
  private final int generation;
  private final String applicationId;
  private long seenEnd = -1;

  JournalFence(KafkaCalls kafka, StreamJournal journal, JournalEntry.Generation generation) {
    this.kafka = kafka;
    this.journal = journal;
    this.generation = generation.number();
    this.applicationId = generation.application();
  }

  /**
   * To be called by a task before its first record.
   *
   * @throws StarfireException with CONFLICT if there is a newer generation
   * @throws TimeoutException if no broker answers; Kafka Streams then tries it again
   */
  synchronized void require() {
    Failures.orTimeout(this::requirePresent);
  }

  private Void requirePresent() {
    TopicPartition partition = journal.partition();
    long end = new GroupOffsets(kafka).logEnds(Set.of(partition)).get(partition);
    if (end != seenEnd) {
      int number = journal.read().number();
      if (number != generation) {
        throw Failures.wasReset(applicationId, number);
      }
      seenEnd = end;
    }
    return null;
  }
}
