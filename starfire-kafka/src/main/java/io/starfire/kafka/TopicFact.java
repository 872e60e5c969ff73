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
 * A topic as the brokers know it. Immutable.
 *
 * @param id of this topic; a topic that is created later under the same name has another id
 * @param partitions number of partitions
 */
public record TopicFact(String id, int partitions) {
  public TopicFact {
    requireNonNull(id, "id");
  }

  /**
   * The given topics by name. Topics that do not exist are left out.
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
