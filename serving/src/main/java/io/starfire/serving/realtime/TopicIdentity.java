package io.starfire.serving.realtime;

import io.starfire.serving.role.RealtimeCoordination;
import java.util.Optional;

/**
 * Tells a topic from another one of the same name: by the id that the data source first committed
 * from or, before that, by the id that this process saw first. Thread-safe.
 */
final class TopicIdentity {
  private final String dataSource;
  private final String topic;
  private final RealtimeCoordination coordination;
  private String firstSeen;

  TopicIdentity(String dataSource, String topic, RealtimeCoordination coordination) {
    this.dataSource = dataSource;
    this.topic = topic;
    this.coordination = coordination;
  }

  /** The id that the topic should have; empty if it has it. */
  synchronized Optional<String> expectedInsteadOf(String id) {
    Optional<String> committed = coordination.committedTopicId(dataSource, topic);
    if (firstSeen == null) {
      firstSeen = committed.orElse(id);
    }
    String expected = committed.orElse(firstSeen);
    return expected.equals(id) ? Optional.empty() : Optional.of(expected);
  }
}
