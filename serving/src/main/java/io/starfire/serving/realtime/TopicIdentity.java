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

  /** What is wrong, as a sentence; empty if it is the topic that it was. */
  synchronized Optional<String> check(String id) {
    Optional<String> committed = coordination.committedTopicId(dataSource, topic);
    if (firstSeen == null) {
      firstSeen = committed.orElse(id);
    }
    String expected = committed.orElse(firstSeen);
    if (expected.equals(id)) {
      return Optional.empty();
    }
    return Optional.of(
        "topic '%s' was deleted and made again: data source '%s' was loaded from the topic with id %s, the one there now has id %s; its offsets mean other records, so nothing of it is read; use a topic of another name, or, if a stream writes it, begin the stream anew with 'bin/starfire stream CLASS --reset'"
            .formatted(topic, dataSource, expected, id));
  }
}
