package io.starfire.stream;

import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.TopicNames;
import java.util.Map;

/**
 * The names of a stream's topics. Immutable.
 *
 * @param applicationId with which names of its own topics begin
 * @param rawTopics by the name of the source
 * @param dataSourceTopics by the name of the data source
 */
record StreamTopics(
    String applicationId,
    Map<String, String> rawTopics,
    Map<String, String> dataSourceTopics,
    String deadLetters) {
  StreamTopics {
    rawTopics = Map.copyOf(rawTopics);
    dataSourceTopics = Map.copyOf(dataSourceTopics);
  }

  String raw(SourceNode source) {
    return rawTopics.get(source.name());
  }

  /** The log of a stage with a state. */
  String log(String stage) {
    return TopicNames.log(applicationId, stage);
  }

  /** The topic that Kafka Streams keeps a store's changes in. */
  String changelog(String store) {
    return applicationId + "-" + store + "-changelog";
  }

  String dataSource(SinkNode sink) {
    return dataSourceTopics.get(sink.dataSource().schema().name());
  }
}
