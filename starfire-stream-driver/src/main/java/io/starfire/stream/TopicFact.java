package io.starfire.stream;

import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the brokers say of a topic.
 *
 * @param id of this topic: one that is deleted and made anew under its name has another
 * @param partitions how many it has
 */
record TopicFact(String id, int partitions) {
  /**
   * Of each topic that exists.
   *
   * @throws StarfireException with UNAVAILABLE if no broker answers
   */
  static Map<String, TopicFact> of(KafkaCalls kafka, Set<String> topics) {
    Map<String, TopicFact> facts = new TreeMap<>();
    Map<String, KafkaFuture<TopicDescription>> answers =
        kafka.admin().describeTopics(topics).topicNameValues();
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
