package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The topic that a supervisor reads, and how. Immutable.
 *
 * @param topic Kafka topic
 * @param consumerProperties properties of the clients, with {@code bootstrap.servers} if it is set;
 *     the values may be secrets
 * @param useEarliestOffset whether the first start reads the topic from its beginning, rather than
 *     from its end
 * @param rejectOlderThan a row whose event time is older than this is rejected
 * @param handOffPeriod rows are handed off when the oldest has this age, from {@code taskDuration};
 *     empty means the node's setting
 */
public record KafkaInput(
    String topic,
    Map<String, String> consumerProperties,
    boolean useEarliestOffset,
    Optional<Duration> rejectOlderThan,
    Optional<Duration> handOffPeriod) {
  public KafkaInput {
    requireNonNull(topic, "topic");
    consumerProperties = Map.copyOf(consumerProperties);
    requireNonNull(rejectOlderThan, "rejectOlderThan");
    requireNonNull(handOffPeriod, "handOffPeriod");
  }
}
