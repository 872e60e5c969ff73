package io.starfire.segment.index;

import io.starfire.segment.column.DoubleColumn;

/** A DOUBLE column of a snapshot. Immutable to its readers. */
final class LiveDoubleColumn implements DoubleColumn, RowColumn {
  private final int rows;
  private final BitsView values;

  LiveDoubleColumn(int rows, BitsView values) {
    this.rows = rows;
    this.values = values;
  }

  BitsView values() {
    return values;
  }

  @Override
  public boolean hasNulls() {
    return values.hasNulls();
  }

  @Override
  public void read(int from, int count, double[] out) {
    Bounds.check(from, count, rows);
    for (int i = 0; i < count; i++) {
      out[i] = Double.longBitsToDouble(values.bits(from + i));
    }
  }

  @Override
  public void readNulls(int from, int count, boolean[] out) {
    Bounds.check(from, count, rows);
    for (int i = 0; i < count; i++) {
      out[i] = values.isNull(from + i);
    }
  }
}
