package io.starfire.kernel;

import io.starfire.event.DataRow;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Shuffle;
import org.jspecify.annotations.Nullable;

/** Receives a stage's results and counts. A driver implements it. Called on the task's thread. */
public interface StageOutput {
  /**
   * Sends an event over a shuffle.
   *
   * @param key canonical bytes of its key; if it is null, {@link KeyPartitions} goes by the value
   * @param timeMillis its event time
   * @param value its canonical bytes
   */
  void shuffle(Shuffle shuffle, byte @Nullable [] key, long timeMillis, byte[] value);

  /**
   * Writes a row to a data source.
   *
   * @return false if the row was refused; it then counts as SINK_REJECTED, and the driver has
   *     reported why
   */
  boolean row(DataSourceNode sink, DataRow row);

  /**
   * Writes an event to a topic for other programs.
   *
   * @param key of the record, in UTF-8; null if it has none
   * @param timeMillis its event time
   * @param value its canonical bytes
   * @return false if it was refused, as for {@link #row}
   */
  boolean toTopic(TopicNode sink, byte @Nullable [] key, long timeMillis, byte[] value);

  /**
   * Writes an event to files for other programs.
   *
   * @param timeMillis its event time
   * @param value its canonical bytes
   * @return false if it was refused, as for {@link #row}
   */
  boolean toFiles(FilesNode sink, long timeMillis, byte[] value);

  /**
   * Whether results are taken now. While they are not, operators with no further kernel of the
   * stage below them are not run.
   */
  default boolean takesResults() {
    return true;
  }

  /**
   * The counter of an operator. Called when the stage is built, and more than once for some.
   *
   * @param operator the name of an operator, or that of a {@link io.starfire.plan.Port}
   */
  OutcomeCounter counter(String operator);
}
