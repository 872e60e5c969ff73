package io.starfire.kafka;

import static java.util.Objects.requireNonNull;

import io.starfire.common.StarfireException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the brokers say of a topic. Immutable.
 *
 * @param id of this topic; a topic of the same name that is created later has another
 * @param partitions number of partitions
 */
public record TopicFact(String id, int partitions) {
  public TopicFact {
    requireNonNull(id, "id");
  }

  /**
   * Of each topic that exists, by name.
   *
   * @throws StarfireException with UNAVAILABLE if no broker answers
   */
  public static Map<String, TopicFact> of(KafkaCalls kafka, Set<String> topics) {
    Map<String, KafkaFuture<TopicDescription>> answers =
        kafka.admin().describeTopics(topics).topicNameValues();
    Map<String, TopicFact> facts = new TreeMap<>();
    answers.forEach(
        (topic, answer) -> {
          try {
            TopicDescription found = kafka.get("describe topic " + topic, answer);
            facts.put(topic, new TopicFact(found.topicId().toString(), found.partitions().size()));
          } catch (StarfireException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
              throw e;
            }
          }
        });
    return facts;
  }
}
