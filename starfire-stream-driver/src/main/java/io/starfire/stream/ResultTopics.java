package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.TopicSettings;
import io.starfire.kafka.TopicSetup;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.TopicNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The topics that a pipeline writes for other programs. Immutable. */
final class ResultTopics {
  private final Map<String, TopicSettings> topics = new TreeMap<>();
  private final Map<String, TopicNode> nodes = new TreeMap<>();

  ResultTopics(Plan plan, StarfireConfig config) {
    for (TopicNode node : plan.topics()) {
      topics.put(node.topic().name(), TopicSettings.from(config, node.topic().name()));
      nodes.put(node.topic().name(), node);
    }
  }

  /** Their names at Kafka, by their names in the pipeline. */
  Map<String, String> names() {
    Map<String, String> names = new TreeMap<>();
    topics.forEach((name, settings) -> names.put(name, settings.topic()));
    return names;
  }

  /**
   * Refuses a topic that the stream uses for something else: reading its own results, it would
   * never end, and a topic with two kinds of records cannot be read.
   */
  void requireApart(StreamTopics all) {
    Map<String, String> used = new HashMap<>();
    all.rawTopics().forEach((source, topic) -> used.put(topic, "is the topic of a source"));
    all.dataSourceTopics()
        .values()
        .forEach(topic -> used.put(topic, "holds the rows of a data source"));
    used.put(all.deadLetters(), "holds the dead letters");
    topics.forEach(
        (name, settings) -> {
          String topic = settings.topic();
          String use = used.get(topic);
          if (use == null && ApplicationId.isOwn(all.applicationId(), topic)) {
            use = "is one that the stream makes for itself";
          }
          if (use != null) {
            throw new StarfireException(
                ErrorCode.INVALID_INPUT,
                "topic '%s' of the pipeline is '%s' at Kafka, which %s; set starfire.topics.%s.topic to another"
                    .formatted(name, topic, use, name));
          }
          used.put(topic, "is that of its topic '" + name + "' too");
        });
  }

  /**
   * Creates those that do not exist.
   *
   * @throws StarfireException with CONFLICT if one is compacted, and some records have no key
   */
  void create(TopicSetup setup, StreamSettings settings) {
    topics.forEach(
        (name, topic) -> {
          setup.require(
              Map.of(topic.topic(), topic.partitions()),
              false,
              settings.replicationFactor(),
              Map.of(
                  "cleanup.policy", "delete",
                  "retention.ms", Long.toString(topic.retention().toMillis()),
                  "max.message.bytes", Integer.toString(settings.largestMessageBytes())));
          if (!nodes.get(name).topic().hasKey()) {
            setup.requireConfigs(
                Set.of(topic.topic()),
                Map.of("cleanup.policy", "delete"),
                "the pipeline writes records without a key to it, which a compacted topic refuses");
          }
        });
  }
}
