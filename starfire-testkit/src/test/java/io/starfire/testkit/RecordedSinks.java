package io.starfire.testkit;

import io.starfire.event.DataRow;
import io.starfire.kernel.StageOutput;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.TopicNode;
import java.nio.charset.StandardCharsets;

/** What a simulated driver does with what reaches a sink: it goes to the results. */
interface RecordedSinks extends StageOutput {
  Results results();

  @Override
  default boolean row(DataSourceNode sink, DataRow row) {
    results().row(sink.label(), RowValue.of(row));
    return true;
  }

  @Override
  default boolean toTopic(TopicNode sink, byte[] key, long timeMillis, byte[] value) {
    String text = key == null ? null : new String(key, StandardCharsets.UTF_8);
    results().row(sink.label(), ResultText.of(sink).value(text, timeMillis, value));
    return true;
  }

  @Override
  default boolean toFiles(FilesNode sink, long timeMillis, byte[] value) {
    results().row(sink.label(), ResultText.of(sink).value(null, timeMillis, value));
    return true;
  }
}
