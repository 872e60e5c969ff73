package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.plan.PlanNode.SinkNode;
import java.util.List;

/**
 * A part of a plan that one task runs without a shuffle: a head, and the stateless operators that
 * are fused to it, down to the next shuffles and sinks. Immutable.
 *
 * @param name unique in the plan; its state is stored under it
 * @param kind what the head does
 * @param head the operator at the head: a source for SOURCE and DEDUPLICATE, a join for JOIN
 * @param inputs the shuffles it reads; none for SOURCE
 * @param outputs the shuffles it writes
 * @param sinks the sinks it writes
 */
public record Stage(
    String name,
    Kind kind,
    PlanNode head,
    List<Shuffle> inputs,
    List<Shuffle> outputs,
    List<SinkNode> sinks) {
  public Stage {
    requireNonNull(name, "name");
    requireNonNull(kind, "kind");
    requireNonNull(head, "head");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    sinks = List.copyOf(sinks);
  }

  /** What the head of a stage does. */
  public enum Kind {
    /** Reads raw records. */
    SOURCE,
    /** Removes copies of identified events. */
    DEDUPLICATE,
    /** Joins two streams. */
    JOIN
  }

  /** The input on the given side. */
  public Shuffle input(Shuffle.Side side) {
    return inputs.stream()
        .filter(shuffle -> shuffle.side() == side)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has no input " + side));
  }
}
