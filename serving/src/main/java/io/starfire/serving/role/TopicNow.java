package io.starfire.serving.role;

import java.util.Map;

/**
 * A topic as the brokers have it at one moment. Immutable.
 *
 * @param id that it has now; a topic that was created again has another one
 * @param firstOffsets the first offset that each partition holds
 */
public record TopicNow(String topic, String id, Map<Integer, Long> firstOffsets) {
  public TopicNow {
    firstOffsets = Map.copyOf(firstOffsets);
  }
}
