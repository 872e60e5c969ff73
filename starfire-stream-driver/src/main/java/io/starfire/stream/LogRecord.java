package io.starfire.stream;

import io.starfire.stream.watermark.Mark;

/**
 * What is in the log of a stage.
 *
 * <p>As bytes, all numbers big-endian: a byte for the kind, then
 *
 * <ul>
 *   <li>1, an event with a key, or 2, one without: index of the input of the stage (1 byte), event
 *       time (int64), number of the stage that read it (int16, -1 for none), number of the topic
 *       (unsigned int16), partition (int32) and offset (int64) of the raw record, then the event's
 *       canonical bytes to the end
 *   <li>3, a mark: watermark, the same without silence, known at, idle as of, quiet since (int64
 *       each), partition, tasks (int32 each), then the stage's name in UTF-8 to the end
 *   <li>4, a turn: partition (int32), watermark, the same without silence, known at, offset of an
 *       earlier turn (int64 each)
 * </ul>
 *
 * The record's key is the canonical bytes of the event's key, and one zero byte where there is
 * none: Kafka Streams leaves out records without key when it restores.
 */
sealed interface LogRecord {
  /**
   * An event on its way to the stage that handles its key.
   *
   * @param input index among the inputs of the stage
   * @param hasKey whether the record's key is the event's
   * @param origin the raw record that it was read from; null below the first stateful operator
   * @param value canonical bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
  record Event(int input, boolean hasKey, long timeMillis, Origin origin, byte[] value)
      implements LogRecord {}

  /** A mark of a task above, for all tasks of the stage. */
  record Marked(Mark mark) implements LogRecord {}

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
  record Origin(int stage, int topicNumber, int partition, long offset) {}
}
