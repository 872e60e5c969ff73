package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
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
    try {
      long end =
          kafka
              .get(
                  "look for the end of topic " + journal.partition().topic(),
                  kafka
                      .admin()
                      .listOffsets(Map.of(journal.partition(), OffsetSpec.latest()))
                      .partitionResult(journal.partition()))
              .offset();
      if (end == seenEnd) {
        return;
      }
      int number = journal.read().number();
      if (number != generation) {
        throw Failures.wasReset(applicationId, number);
      }
      seenEnd = end;
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.UNAVAILABLE) {
        throw new TimeoutException(e.getMessage(), e);
      }
      throw e;
    }
  }
}
