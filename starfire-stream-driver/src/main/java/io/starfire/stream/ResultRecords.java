package io.starfire.stream;

import io.starfire.api.Topic;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.ResultCodec;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.TopicNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the values of records for the topics of sinks. Immutable. */
final class ResultRecords {
  private final Map<String, DataRowCodec> rows = new HashMap<>();
  private final Map<String, ResultCodec> results = new HashMap<>();

  ResultRecords(List<SinkNode> sinks) {
    for (SinkNode sink : sinks) {
      if (sink instanceof DataSourceNode node) {
        rows.put(node.name(), DataRowCodec.of(node.dataSource().schema()));
      } else if (sink instanceof TopicNode node) {
        results.put(node.name(), ResultCodec.of(node.type()));
      }
    }
  }

  byte[] row(DataSourceNode sink, DataRow row) {
    return rows.get(sink.name()).encode(row);
  }

  /**
   * The value of a record for other programs.
   *
   * @param event its canonical bytes
   */
  byte[] record(TopicNode sink, long timeMillis, byte[] event) {
    ResultCodec codec = results.get(sink.name());
    return sink.topic().format() == Topic.Format.JSON
        ? codec.json(timeMillis, event)
        : codec.avro(timeMillis, event);
  }
}
