package io.starfire.kernel;

import io.starfire.event.DataRow;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Shuffle;

/** Where a stage's results and counts go: what a driver implements. Called by the task's thread. */
public interface StageOutput {
  /**
   * Sends an event over a shuffle.
   *
   * @param key canonical bytes of its key; null if it has none, and then {@link KeyPartitions}
   *     spreads it by its value
   * @param value its canonical bytes
   */
  void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value);

  /**
   * Writes a row to a data source.
   *
   * @return whether it was taken; if not, it counts as SINK_REJECTED, and the driver has said why
   */
  boolean row(SinkNode sink, DataRow row);

  /**
   * The counter of an operator, asked for once, when the stage is built.
   *
   * @param operator an operator's name; for a join's input, the shuffle's name
   */
  OutcomeCounter counter(String operator);
}
