package io.starfire.plan;

import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.LookupRef;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import java.util.List;

/**
 * A checked pipeline. Made by {@link Planner}. Immutable and thread-safe.
 *
 * @param pipeline name of the pipeline's class
 * @param nodes all operators; each comes after its inputs
 * @param lookups the lookups that the pipeline declares
 * @param stages the parts between shuffles; upstream ones come first
 */
public record Plan(
    String pipeline, List<PlanNode> nodes, List<LookupRef> lookups, List<Stage> stages) {
  public Plan {
    nodes = List.copyOf(nodes);
    lookups = List.copyOf(lookups);
    stages = List.copyOf(stages);
  }

  public List<SourceNode> sources() {
    return only(SourceNode.class);
  }

  public List<JoinNode> joins() {
    return only(JoinNode.class);
  }

  public List<SinkNode> sinks() {
    return only(SinkNode.class);
  }

  public List<DataSourceNode> dataSources() {
    return only(DataSourceNode.class);
  }

  public List<TopicNode> topics() {
    return only(TopicNode.class);
  }

  public List<FilesNode> files() {
    return only(FilesNode.class);
  }

  /** The index of a sink among {@link #sinks}. */
  public int indexOf(SinkNode sink) {
    return sinks().stream().map(SinkNode::name).toList().indexOf(sink.name());
  }

  /** The operators that read {@code node}, each once. */
  public List<PlanNode> consumersOf(PlanNode node) {
    return new Consumers(nodes).of(node);
  }

  /** All edges between stages. */
  public List<Shuffle> shuffles() {
    return stages.stream().flatMap(stage -> stage.inputs().stream()).toList();
  }

  /** A short hexadecimal digest of {@link PlanDescription}, to compare plans by. */
  public String fingerprint() {
    return PlanDescription.fingerprint(this);
  }

  /** The last part of the class name, such as {@code AdEvents}. */
  public String shortName() {
    return pipeline.substring(Math.max(pipeline.lastIndexOf('.'), pipeline.lastIndexOf('$')) + 1);
  }

  private <N extends PlanNode> List<N> only(Class<N> kind) {
    return nodes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
