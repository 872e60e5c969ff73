package io.starfire.segment.index;

import io.starfire.segment.column.LongColumn;

/** A LONG column of a sorted snapshot. Thread-safe. */
final class SortedLongColumn implements LongColumn {
  private final LiveLongColumn column;
  private final BitsView values;
  private final int[] order;

  SortedLongColumn(LiveLongColumn column, int[] order) {
    this.column = column;
    this.values = column.values();
    this.order = order;
  }

  @Override
  public boolean hasNulls() {
    return values.hasNulls();
  }

  @Override
  public void read(int from, int count, long[] out) {
    Bounds.check(from, count, order.length);
    for (int i = 0; i < count; i++) {
      out[i] = values.bits(order[from + i]);
    }
  }

  @Override
  public void readNulls(int from, int count, boolean[] out) {
    Bounds.check(from, count, order.length);
    for (int i = 0; i < count; i++) {
      out[i] = values.isNull(order[from + i]);
    }
  }

  @Override
  public long minValue() {
    return column.minValue();
  }

  @Override
  public long maxValue() {
    return column.maxValue();
  }
}
