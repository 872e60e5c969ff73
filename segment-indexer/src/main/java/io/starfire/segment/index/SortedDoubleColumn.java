package io.starfire.segment.index;

import io.starfire.segment.column.DoubleColumn;

/** A DOUBLE column of a sorted snapshot. Thread-safe. */
final class SortedDoubleColumn implements DoubleColumn {
  private final BitsView values;
  private final int[] order;

  SortedDoubleColumn(LiveDoubleColumn column, int[] order) {
    this.values = column.values();
    this.order = order;
  }

  @Override
  public boolean hasNulls() {
    return values.hasNulls();
  }

  @Override
  public void read(int from, int count, double[] out) {
    Bounds.check(from, count, order.length);
    for (int i = 0; i < count; i++) {
      out[i] = Double.longBitsToDouble(values.bits(order[from + i]));
    }
  }

  @Override
  public void readNulls(int from, int count, boolean[] out) {
    Bounds.check(from, count, order.length);
    for (int i = 0; i < count; i++) {
      out[i] = values.isNull(order[from + i]);
    }
  }
}
