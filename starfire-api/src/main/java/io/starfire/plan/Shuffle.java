package io.starfire.plan;

import static java.util.Objects.requireNonNull;

/**
 * A keyed edge between two stages: a repartition topic in the stream driver, the shuffle of a
 * MapReduce job in the batch driver.
 *
 * @param name unique in the plan
 * @param side which input of the receiving stage it is
 * @param from the operator whose output it carries
 * @param to the operator that receives it: a source that removes duplicates, or a join
 * @param toStage name of the receiving stage
 * @param judgesLateness whether the receiver is the first stateful operator on the way: only that
 *     one decides whether an event is late
 */
public record Shuffle(
    String name, Side side, PlanNode from, PlanNode to, String toStage, boolean judgesLateness) {
  public Shuffle {
    requireNonNull(name, "name");
    requireNonNull(side, "side");
    requireNonNull(from, "from");
    requireNonNull(to, "to");
    requireNonNull(toStage, "toStage");
  }

  /** The inputs of a receiving stage. Events of equal key and time are delivered in this order. */
  public enum Side {
    /** Events whose copies are to be removed. */
    IDENTITY,
    PRIMARY,
    SECONDARY
  }
}
