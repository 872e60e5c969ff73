package io.starfire.batch.job;

import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.kernel.StageOutput;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Shuffle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;

/** Turns what a stage puts out into deliveries. One thread. */
final class DeliverySink implements StageOutput {
  private final Output output;
  private final TaskOutcomes outcomes;
  private final Map<String, Integer> shuffles = new HashMap<>();
  private final Map<String, Integer> sinks = new HashMap<>();
  private final Set<String> leftOut = new HashSet<>();
  private final Map<String, DataRowCodec> rowCodecs = new HashMap<>();

  /** Takes deliveries. */
  interface Output {
    void write(Delivery delivery) throws IOException, InterruptedException;
  }

  /** Of a task. */
  DeliverySink(
      Plan plan,
      TaskInputOutputContext<?, ?, Delivery, NullWritable> context,
      TaskOutcomes outcomes) {
    this(plan, delivery -> context.write(delivery, NullWritable.get()), outcomes);
  }

  DeliverySink(Plan plan, Output output, TaskOutcomes outcomes) {
    this.output = output;
    this.outcomes = outcomes;
    List<Shuffle> edges = plan.shuffles();
    for (int i = 0; i < edges.size(); i++) {
      shuffles.put(edges.get(i).name(), i);
    }
    plan.topics().forEach(topic -> leftOut.add(topic.name()));
    for (int i = 0; i < plan.sinks().size(); i++) {
      SinkNode sink = plan.sinks().get(i);
      sinks.put(sink.name(), i);
      if (sink instanceof DataSourceNode node) {
        rowCodecs.put(sink.name(), DataRowCodec.of(node.dataSource().schema()));
      }
    }
  }

  @Override
  public void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value) {
    write(Delivery.event(shuffles.get(shuffle.name()), key, timeMillis, value));
  }

  @Override
  public boolean row(DataSourceNode sink, DataRow row) {
    byte[] bytes = rowCodecs.get(sink.name()).encode(row);
    write(Delivery.row(sinks.get(sink.name()), null, row.timeMillis(), bytes));
    return true;
  }

  /**
   * A run leaves topics out, counts nothing for them, and its report says so: what is in a topic
   * cannot be replaced.
   */
  @Override
  public boolean toTopic(TopicNode sink, byte[] key, long timeMillis, byte[] value) {
    return true;
  }

  @Override
  public boolean toFiles(FilesNode sink, long timeMillis, byte[] value) {
    write(Delivery.row(sinks.get(sink.name()), null, timeMillis, value));
    return true;
  }

  @Override
  public OutcomeCounter counter(String operator) {
    return leftOut.contains(operator) ? OutcomeCounter.NONE : outcomes.of(operator);
  }

  void write(Delivery delivery) {
    try {
      output.write(delivery);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("the task was interrupted", e));
    }
  }
}
