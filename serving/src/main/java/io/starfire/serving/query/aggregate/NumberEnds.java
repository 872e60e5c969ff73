package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import java.util.Arrays;

/** Adds rows to the first or last numbers by time. Not thread-safe. */
final class NumberEnds extends Accumulator {
  private final EndColumn column;
  private final NumberSource times;
  private final NumberSource numbers;
  private final int[] oneGroup = new int[RowSet.BLOCK_ROWS];

  NumberEnds(EndColumn column, NumberSource times, NumberSource numbers) {
    this.column = column;
    this.times = times;
    this.numbers = numbers;
  }

  @Override
  public void read(int from, int count) {
    times.readLongs(from, count);
    if (column.type() == ColumnType.DOUBLE) {
      numbers.readDoubles(from, count);
    } else {
      numbers.readLongs(from, count);
    }
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    Arrays.fill(oneGroup, 0, count, group);
    add(rows, oneGroup, count);
  }

  @Override
  public void add(int[] rows, int[] groups, int count) {
    if (times.isMissing()) {
      return;
    }
    boolean timeHasNulls = times.hasNulls();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      // Most rows are neither before nor after what there is, and their value is not looked at.
      if (!(timeHasNulls && times.nulls[row]) && !column.isBeaten(groups[i], times.longs[row])) {
        offer(groups[i], times.longs[row], row);
      }
    }
  }

  private void offer(int group, long time, int row) {
    boolean isNull = numbers.isMissing() || (numbers.hasNulls() && numbers.nulls[row]);
    long value =
        column.type() == ColumnType.DOUBLE
            ? Double.doubleToRawLongBits(numbers.doubles[row])
            : numbers.longs[row];
    if (column.isTied(group, time)) {
      if (isNull || (!column.hasNull(group) && !isBetter(value, column.valueOf(group)))) {
        return;
      }
    }
    column.set(group, time, value, isNull);
  }

  private boolean isBetter(long value, long old) {
    int order = column.compare(value, old);
    return column.isFirst() ? order < 0 : order > 0;
  }
}
