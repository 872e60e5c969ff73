package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;

/** Adds rows to the first or last numbers by time. Not thread-safe. */
final class NumberEnds extends EndAccumulator {
  private final NumberSource numbers;

  NumberEnds(EndColumn column, NumberSource times, NumberSource numbers) {
    super(column, times);
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
  public void add(int[] rows, int[] groups, int count) {
    if (times.isMissing()) {
      return;
    }
    boolean timeHasNulls = times.hasNulls();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      // Most rows are neither before nor after what there is, and their value is not looked at.
      if (!(timeHasNulls && times.nulls[row]) && !column.isBeaten(groups[i], times.longs[row])) {
        offerRow(groups[i], times.longs[row], row);
      }
    }
  }

  private void offerRow(int group, long time, int row) {
    boolean isNull = numbers.isMissing() || (numbers.hasNulls() && numbers.nulls[row]);
    long value =
        column.type() == ColumnType.DOUBLE
            ? Double.doubleToRawLongBits(numbers.doubles[row])
            : numbers.longs[row];
    offer(group, time, value, isNull);
  }

  @Override
  int compare(long value, long old) {
    return column.compare(value, old);
  }
}
