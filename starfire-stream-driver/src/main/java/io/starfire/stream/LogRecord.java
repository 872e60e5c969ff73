package io.starfire.stream;

import io.starfire.stream.watermark.Mark;

/**
 * What is in the log of a stage: blocks of events and marks, and turns. {@link BlockWriter} says
 * how a block looks.
 *
 * <p>The record's key is one zero byte: Kafka Streams leaves out records without key when it
 * restores.
 */
sealed interface LogRecord {
  /**
   * Events on their way to the stage that handles their keys, and marks among them, in the order in
   * which they were sent.
   *
   * @param partition of the log to which it goes; -1 if it was read
   * @param bytes what {@link BlockReader} reads
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
  record Block(int partition, byte[] bytes) implements LogRecord {}

  /**
   * The watermark of the stage's task from here on, which the task itself has written.
   *
   * @param partition of the log
   * @param watermark in milliseconds
   * @param withoutSilence what it would be if no silence had moved it
   * @param knownAtMillis clock time at or after the moment at which it was reached
   * @param previousOffset offset of an earlier turn, 0 if there was none: one that is replayed
   *     comes without its own
   */
  record Turn(
      int partition, long watermark, long withoutSilence, long knownAtMillis, long previousOffset)
      implements LogRecord {
    /** Before the first one. */
    static final Turn NONE = new Turn(0, Mark.UNKNOWN, Mark.UNKNOWN, 0, 0);

    /** Whether an event of this time is late, and would not be if no silence had moved it. */
    boolean isLateBySilence(long timeMillis) {
      return timeMillis < watermark && timeMillis >= withoutSilence;
    }
  }

  /**
   * Where an event was read.
   *
   * @param stage index among the stages of the plan
   * @param topicNumber which of the topics that had the name in turn: 0 for the first that the
   *     generation has read, up to 65,535
   */
  record Origin(int stage, int topicNumber, int partition, long offset) {
    boolean isOfSamePartition(Origin other) {
      return stage == other.stage
          && topicNumber == other.topicNumber
          && partition == other.partition;
    }
  }
}
