package io.starfire.stream;

import io.starfire.stream.watermark.Mark;

/**
 * What travels on a repartition topic.
 *
 * <p>As bytes, all numbers big-endian: a byte for the kind, then
 *
 * <ul>
 *   <li>1, an event: event time (int64), length of the origin's source name (1 byte, 0 for no
 *       origin), the name in UTF-8, number of the topic (unsigned int16), partition (int32) and
 *       offset (int64) of the raw record, then the event's canonical bytes to the end
 *   <li>3, a mark: watermark, the same without silence, known at, idle as of, quiet since (int64
 *       each), partition, tasks (int32 each), then the stage's name in UTF-8 to the end
 * </ul>
 *
 * The record's key is the canonical bytes of the event's key, or null if it has none.
 */
sealed interface EdgeRecord {
  /**
   * An event on its way to the stage that handles its key.
   *
   * @param origin the raw record that it was read from; null below the first stateful operator
   * @param value canonical bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
  record Event(long timeMillis, Origin origin, byte[] value) implements EdgeRecord {}

  /** A mark for all tasks of the receiving stage. */
  record Marked(Mark mark) implements EdgeRecord {}

  /**
   * Where an event was read.
   *
   * @param topicNumber which of the topics that had the name in turn: 0 for the first that the
   *     generation has read, up to 65,535
   */
  record Origin(String source, int topicNumber, int partition, long offset) {}
}
