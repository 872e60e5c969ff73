package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which topic a supervisor reads, and how. Immutable.
 *
 * @param topic of Kafka
 * @param consumerProperties of the clients, {@code bootstrap.servers} included if it is set; the
 *     values may be secrets
 * @param useEarliestOffset whether the first start reads the topic from its beginning, rather than
 *     from its end
 * @param rejectOlderThan age of an event time beyond which a row is rejected
 * @param handOffPeriod age of the oldest row at which rows are handed off, as {@code taskDuration}
 *     says; empty for the node's
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
