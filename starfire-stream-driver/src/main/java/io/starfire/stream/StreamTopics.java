package io.starfire.stream;

import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.TopicNames;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of a stream's topics. Immutable.
 *
 * @param applicationId with which names of its own topics begin
 * @param rawTopics by the name of the source
 * @param dataSourceTopics by the name of the data source
 * @param resultTopics those for other programs, by their names in the pipeline
 */
record StreamTopics(
    String applicationId,
    Map<String, String> rawTopics,
    Map<String, String> dataSourceTopics,
    Map<String, String> resultTopics,
    String deadLetters) {
  StreamTopics {
    rawTopics = Map.copyOf(rawTopics);
    dataSourceTopics = Map.copyOf(dataSourceTopics);
    resultTopics = Map.copyOf(resultTopics);
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

  String dataSource(DataSourceNode sink) {
    return dataSourceTopics.get(sink.dataSource().schema().name());
  }

  String results(TopicNode sink) {
    return resultTopics.get(sink.topic().name());
  }

  /** Those of data sources, and those for other programs. */
  Set<String> sinks() {
    Set<String> topics = new TreeSet<>(dataSourceTopics.values());
    topics.addAll(resultTopics.values());
    return topics;
  }
}
