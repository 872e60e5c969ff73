package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.plan.PlanNode.KeyedNode;

/**
 * A keyed edge between two stages: an input of a stage's log in the stream driver, the shuffle of a
 * MapReduce job in the batch driver. One stage writes it, and one reads it.
 *
 * @param name unique in the plan
 * @param fromStage name of the stage that writes it
 * @param to the operator that receives it
 * @param portIndex which of the receiver's ports it ends at
 * @param toStage name of the receiving stage
 * @param judgesLateness whether the receiver is the first stateful operator on the way: only that
 *     one decides whether an event is late
 */
public record Shuffle(
    String name,
    String fromStage,
    KeyedNode to,
    int portIndex,
    String toStage,
    boolean judgesLateness) {
  public Shuffle {
    requireNonNull(name, "name");
    requireNonNull(fromStage, "fromStage");
    requireNonNull(to, "to");
    requireNonNull(toStage, "toStage");
    java.util.Objects.checkIndex(portIndex, to.ports().size());
  }

  /** By name: the parts reach through the whole plan. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Shuffle that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  public Port port() {
    return to.ports().get(portIndex);
  }

  /** The operator whose events it carries. */
  public PlanNode from() {
    return port().input();
  }
}
