package io.starfire.serving.sql.rows;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window function and its window.
 *
 * @param function name in upper case
 * @param arguments columns, or fixed values
 * @param partition columns
 * @param order of the rows of a partition
 * @param rows whether the frame counts rows; else rows that are equal in the order go together
 * @param from where the frame begins
 * @param to where it ends, inclusive
 * @param ignoresNulls whether rows whose first argument is null are skipped
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WindowCall(
    String function,
    List<Argument> arguments,
    int[] partition,
    List<SortStep.Key> order,
    boolean rows,
    Bound from,
    Bound to,
    boolean ignoresNulls) {
  /**
   * An argument.
   *
   * @param column -1 for a fixed value
   */
  public record Argument(int column, @Nullable Object constant) {
    @Nullable Object of(@Nullable Object[] row) {
      return column >= 0 ? row[column] : constant;
    }
  }

  /**
   * An end of a frame.
   *
   * @param unbounded whether it is the end of the partition
   * @param offset rows after the row at hand; before it if negative
   */
  public record Bound(boolean unbounded, long offset) {}

  @Override
  public String toString() {
    return function + arguments;
  }
}
