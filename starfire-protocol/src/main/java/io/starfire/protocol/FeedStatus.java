package io.starfire.protocol;

import java.util.Map;

/**
 * What is committed of a data source's topic.
 *
 * @param topic null if no topic is read
 * @param topicId of the topic that rows were first committed from; null if none were
 * @param committedOffsets by partition, the next to read
 * @param segments committed real-time segments that are in views, hidden ones too
 * @param events in them
 * @param withdrawnSegments that the request has withdrawn; 0 if it was no such request
 * @param withdrawnEvents in those
 */
public record FeedStatus(
    String dataSource,
    String topic,
    String topicId,
    Map<Integer, Long> committedOffsets,
    long segments,
    long events,
    long withdrawnSegments,
    long withdrawnEvents) {
  public FeedStatus {
    committedOffsets = Map.copyOf(committedOffsets);
  }
}
