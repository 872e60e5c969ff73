package io.starfire.plan;

import static java.util.Objects.requireNonNull;

/**
 * A keyed edge between two stages: a repartition topic in the stream driver, the shuffle of a
 * MapReduce job in the batch driver.
 *
 * @param name unique in the plan
 * @param side what the receiving stage takes it as
 * @param from the operator whose output travels
 * @param to the operator that receives: a source that removes duplicates, or a join
 * @param toStage name of the receiving stage
 * @param judgesLateness whether the receiver is the first stateful operator on the way, and so the
 *     one that calls events late
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

  /**
   * What a receiving stage takes an edge as. The order is that of events of equal time in a key.
   */
  public enum Side {
    /** Events whose copies are to be removed. */
    IDENTITY,
    PRIMARY,
    SECONDARY
  }
}
