package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.plan.PlanNode.KeyedNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import java.util.List;

/**
 * A part of a plan that one task runs without a shuffle: a source, or operators that need the
 * events of a key in one place; and the stateless operators that are fused to them, down to the
 * next shuffles and sinks. Immutable.
 *
 * @param name unique in the plan; its state is stored under it
 * @param head the operator after which it is named: a source, or the last of {@code keyed}
 * @param keyed its operators with a state, upstream ones first; none in the stage of a source. All
 *     but the last only remove duplicates
 * @param inputs the shuffles it reads; none in the stage of a source
 * @param outputs the shuffles it writes
 * @param sinks the sinks it writes
 */
public record Stage(
    String name,
    PlanNode head,
    List<KeyedNode> keyed,
    List<Shuffle> inputs,
    List<Shuffle> outputs,
    List<SinkNode> sinks) {
  public Stage {
    requireNonNull(name, "name");
    requireNonNull(head, "head");
    keyed = List.copyOf(keyed);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    sinks = List.copyOf(sinks);
    if (isSource(head) != inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "stage '%s' must either read a source or shuffles, got head '%s' and inputs %s"
              .formatted(name, head.name(), inputs));
    }
  }

  /** By name: the parts reach through the whole plan. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Stage that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Whether an operator with a state runs in this stage. */
  public boolean holds(KeyedNode node) {
    return keyed.stream().anyMatch(own -> own == node);
  }

  /** Whether it reads raw records. */
  public boolean isSource() {
    return isSource(head);
  }

  /** The source that it reads; it must be the stage of a source. */
  public SourceNode source() {
    return (SourceNode) head;
  }

  private static boolean isSource(PlanNode head) {
    return head instanceof SourceNode;
  }
}
