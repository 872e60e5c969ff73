package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the state of raw stages follow topics that have got more partitions. A raw stage's task
 * reads one partition and has its state in the partition of the same number of the changelog, so
 * that the new tasks find an empty partition there, and the others find what they had.
 */
final class RawTopicGrowth {
  private static final Logger LOG = LoggerFactory.getLogger(RawTopicGrowth.class);

  private final KafkaCalls kafka;
  private final StreamSettings settings;

  RawTopicGrowth(KafkaCalls kafka, StreamSettings settings) {
    this.kafka = kafka;
    this.settings = settings;
  }

  /**
   * Gives the changelogs as many partitions as the topics have.
   *
   * @throws StarfireException with CONFLICT if a topic has fewer partitions than there is state of
   */
  void follow(Plan plan, StreamTopics topics, Map<String, TopicFact> raw) {
    Map<String, String> topicByChangelog = new HashMap<>();
    for (SourceNode source : plan.sources()) {
      topicByChangelog.put(
          StoredProgress.changelog(topics.applicationId(), source.name()), topics.raw(source));
    }
    TopicFact.of(kafka, topicByChangelog.keySet())
        .forEach(
            (changelog, fact) -> {
              String topic = topicByChangelog.get(changelog);
              int now = raw.get(topic).partitions();
              if (now < fact.partitions()) {
                throw new StarfireException(
                    ErrorCode.CONFLICT,
                    "topic '%s' has %d partitions at %s, and the stream '%s' has state of %d; give it as many again, or begin the stream anew with --reset"
                        .formatted(
                            topic,
                            now,
                            settings.bootstrapServers(),
                            topics.applicationId(),
                            fact.partitions()));
              }
              if (now > fact.partitions()) {
                LOG.info(
                    "topic '{}' has grown from {} to {} partitions; the new ones are read from"
                        + " their start",
                    topic,
                    fact.partitions(),
                    now);
                grow(changelog, now);
              }
            });
  }

  private void grow(String changelog, int partitions) {
    try {
      kafka.get(
          "add partitions to topic " + changelog,
          kafka
              .admin()
              .createPartitions(Map.of(changelog, NewPartitions.increaseTo(partitions)))
              .all());
    } catch (StarfireException e) {
      // Another process of the stream has done it.
      if (!(e.getCause() instanceof InvalidPartitionsException)) {
        throw e;
      }
    }
  }
}
