package io.starfire.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a request to go on with a topic that was created again.
 *
 * @param topic its name, which stays
 * @param topicId id of the topic that is read now; null if nothing of a topic was read yet
 * @param committedOffsets of the topic that is read now: by partition, the next offset to read
 * @param formerTopicId id of the topic that was read before; null if the topic is still the same
 * @param formerOffsets of the topic that was read before, which stay loaded: by partition, the
 *     first offset that was not committed
 */
public record TopicChange(
    String dataSource,
    String topic,
    String topicId,
    Map<Integer, Long> committedOffsets,
    String formerTopicId,
    Map<Integer, Long> formerOffsets) {
  public TopicChange {
    committedOffsets = Collections.unmodifiableMap(new TreeMap<>(committedOffsets));
    formerOffsets = Collections.unmodifiableMap(new TreeMap<>(formerOffsets));
  }
}
