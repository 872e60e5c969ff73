package io.starfire.serving.query.vector;

import java.util.Arrays;

/** Longs. Not thread-safe. */
public final class LongVector extends Vector {
  private final long initial;
  private long[] values = {};

  /**
   * @param initial what a value is before it is set
   */
  public LongVector(long initial) {
    this.initial = initial;
  }

  /** At least as long as the capacity that was asked for. */
  public long[] values() {
    return values;
  }

  @Override
  public int capacity() {
    return values.length;
  }

  @Override
  public void grow(int capacity) {
    int old = values.length;
    if (capacity > old) {
      values = Arrays.copyOf(values, capacity);
      if (initial != 0) {
        Arrays.fill(values, old, capacity, initial);
      }
    }
  }

  @Override
  public void keep(int[] places, int count) {
    if (values.length == 0) {
      return;
    }
    long[] kept = new long[count];
    for (int i = 0; i < count; i++) {
      kept[i] = values[places[i]];
    }
    values = kept;
  }

  @Override
  public long bytes() {
    return (long) Long.BYTES * values.length;
  }

  @Override
  public void write(VectorWriter out, int count) {
    int written = Math.min(count, values.length);
    out.putInt(written);
    out.putLongs(values, written);
  }

  @Override
  public void read(VectorReader in, int count) {
    values = in.longs(in.count(count, Long.BYTES));
  }
}
