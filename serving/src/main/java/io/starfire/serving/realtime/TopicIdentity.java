package io.starfire.serving.realtime;

import io.starfire.serving.role.RealtimeCoordination;
import java.util.Optional;

/**
 * Tells a topic from another one of the same name: by the id that was stored when the data source
 * began to read it. Thread-safe.
 */
final class TopicIdentity {
  private final String dataSource;
  private final String topic;
  private final RealtimeCoordination coordination;

  TopicIdentity(String dataSource, String topic, RealtimeCoordination coordination) {
    this.dataSource = dataSource;
    this.topic = topic;
    this.coordination = coordination;
  }

  /** The id that the topic should have; empty if it has it. */
  Optional<String> expectedInsteadOf(String id) {
    String stored = coordination.beginReading(dataSource, topic, id);
    return stored.equals(id) ? Optional.empty() : Optional.of(stored);
  }
}
