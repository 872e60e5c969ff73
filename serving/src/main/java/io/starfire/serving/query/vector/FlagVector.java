package io.starfire.serving.query.vector;

import java.util.Arrays;

/** Flags, false at first; a byte each, since they are set in hot loops. Not thread-safe. */
public final class FlagVector extends Vector {
  private boolean[] values = {};

  /** At least as long as the capacity that was asked for. */
  public boolean[] values() {
    return values;
  }

  @Override
  public int capacity() {
    return values.length;
  }

  @Override
  public void grow(int capacity) {
    if (capacity > values.length) {
      values = Arrays.copyOf(values, capacity);
    }
  }

  @Override
  public void keep(int[] places, int count) {
    if (values.length == 0) {
      return;
    }
    boolean[] kept = new boolean[count];
    for (int i = 0; i < count; i++) {
      kept[i] = values[places[i]];
    }
    values = kept;
  }

  @Override
  public long bytes() {
    return values.length;
  }

  @Override
  public void write(VectorWriter out, int count) {
    int written = Math.min(count, values.length);
    out.putInt(written);
    for (int i = 0; i < written; i++) {
      out.putByte(values[i] ? 1 : 0);
    }
  }

  @Override
  public void read(VectorReader in, int count) {
    boolean[] read = new boolean[in.count(count, 1)];
    for (int i = 0; i < read.length; i++) {
      read[i] = in.flag();
    }
    values = read;
  }
}
