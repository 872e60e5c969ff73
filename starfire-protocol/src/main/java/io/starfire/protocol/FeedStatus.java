package io.starfire.protocol;

import java.util.Map;

/**
 * What is committed of a data source's topic.
 *
 * @param topic its name; null if no topic is read
 * @param topicId id of that topic; null if nothing of it was read yet
 * @param committedOffsets by partition, the next offset to read
 * @param segments number of committed real-time segments in views, including hidden ones
 * @param events number of events in these segments
 * @param withdrawnSegments number of segments that this request withdrew; else 0
 * @param withdrawnEvents number of events in the withdrawn segments
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
