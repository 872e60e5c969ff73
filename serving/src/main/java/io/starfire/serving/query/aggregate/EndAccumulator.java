package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.RowSet;
import java.util.Arrays;

/**
 * Adds rows to the first or last values by time. Of values of one time, the smallest is the first,
 * and the largest the last. Not thread-safe.
 */
abstract class EndAccumulator extends Accumulator {
  final EndColumn column;
  final NumberSource times;
  private final int[] oneGroup = new int[RowSet.BLOCK_ROWS];

  EndAccumulator(EndColumn column, NumberSource times) {
    this.column = column;
    this.times = times;
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    Arrays.fill(oneGroup, 0, count, group);
    add(rows, oneGroup, count);
  }

  /** Takes a value that no other time beats. */
  final void offer(int group, long time, long value, boolean isNull) {
    if (column.isTied(group, time)) {
      if (isNull || (!column.hasNull(group) && !isBetter(value, column.valueOf(group)))) {
        return;
      }
    }
    column.set(group, time, value, isNull);
  }

  private boolean isBetter(long value, long old) {
    int order = compare(value, old);
    return column.isFirst() ? order < 0 : order > 0;
  }

  /** The order of two values as the column holds them, neither of which is null. */
  abstract int compare(long value, long old);
}
