package io.starfire.protocol;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;

/**
 * A commit of a real-time node: the segments made of the records {@code [startOffset, endOffset)}
 * of one Kafka partition. It is one metadata transaction, and is applied only if {@code
 * startOffset} is the committed offset of the partition.
 *
 * @param dataSource the data source of the rows
 * @param topic the topic from which they were read
 * @param topicId id of that topic; it tells whether the topic was deleted and created again
 * @param kafkaPartition of the topic
 * @param startOffset inclusive
 * @param endOffset exclusive
 * @param segments the segments, for all intervals in which the range has rows; may be empty
 */
public record RealtimeCommit(
    String dataSource,
    String topic,
    String topicId,
    int kafkaPartition,
    long startOffset,
    long endOffset,
    List<PushedSegment> segments) {
  public RealtimeCommit {
    requireNonNull(dataSource, "dataSource");
    requireNonNull(topic, "topic");
    requireNonNull(topicId, "topicId");
    segments = List.copyOf(segments);
    if (startOffset < 0 || endOffset < startOffset) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "offsets must satisfy 0 <= start <= end, got [%d, %d)".formatted(startOffset, endOffset));
    }
  }
}
