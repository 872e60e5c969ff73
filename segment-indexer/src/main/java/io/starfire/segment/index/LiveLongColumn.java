package io.starfire.segment.index;

import io.starfire.segment.column.LongColumn;

/** A LONG column of a snapshot. Immutable to its readers. */
final class LiveLongColumn implements LongColumn, RowColumn {
  private final int rows;
  private final BitsView values;
  private final long min;
  private final long max;

  LiveLongColumn(int rows, BitsView values) {
    this(rows, values, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  LiveLongColumn(int rows, BitsView values, long min, long max) {
    this.rows = rows;
    this.values = values;
    this.min = min;
    this.max = max;
  }

  BitsView values() {
    return values;
  }

  @Override
  public boolean hasNulls() {
    return values.hasNulls();
  }

  @Override
  public void read(int from, int count, long[] out) {
    Bounds.check(from, count, rows);
    values.read(from, count, out);
  }

  @Override
  public void readNulls(int from, int count, boolean[] out) {
    Bounds.check(from, count, rows);
    for (int i = 0; i < count; i++) {
      out[i] = values.isNull(from + i);
    }
  }

  @Override
  public long minValue() {
    return min;
  }

  @Override
  public long maxValue() {
    return max;
  }
}
