package io.starfire.segment.index;

import io.starfire.segment.column.BytesColumn;

/** The sketches of a sorted snapshot. Thread-safe. */
final class SortedBytesColumn implements BytesColumn {
  private final LiveBytesColumn column;
  private final int[] order;

  SortedBytesColumn(LiveBytesColumn column, int[] order) {
    this.column = column;
    this.order = order;
  }

  @Override
  public String typeName() {
    return column.typeName();
  }

  @Override
  public boolean hasNulls() {
    return column.hasNulls();
  }

  @Override
  public void read(int from, int count, byte[][] out) {
    Bounds.check(from, count, order.length);
    for (int i = 0; i < count; i++) {
      out[i] = column.value(order[from + i]);
    }
  }
}
