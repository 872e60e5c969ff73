package io.starfire.protocol;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;

/**
 * One publish of a real-time node: the segments made of the records {@code [startOffset,
 * endOffset)} of one Kafka partition. Committed in one metadata transaction, and only if {@code
 * startOffset} is the committed offset of the partition.
 *
 * @param dataSource that the rows belong to
 * @param topic that they were read from
 * @param topicId of that topic, so that a topic deleted and made again is noticed
 * @param kafkaPartition of the topic
 * @param startOffset inclusive
 * @param endOffset exclusive
 * @param segments for all intervals that the range has rows in; may be empty
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
