package io.starfire.serving.query.aggregate;

import io.starfire.segment.sketch.SketchBuilder;
import java.util.Arrays;

/**
 * Values that wait to be added to the sketches of their groups. To open and to close a sketch costs
 * more than to add a value, so that many are added at a time, group by group. Not thread-safe.
 */
final class WaitingValues {
  private static final int START = 1024;

  /** Kept before they are added; more where there are more groups, so that each gets some. */
  private static final int MOST = 1 << 18;

  private final SketchColumn column;
  private final Feeder feeder;

  /** Whether a value that comes twice need not be added twice. */
  private final boolean distinct;

  private long[] keys = new long[START];
  private long[] values = new long[START];
  private int size;

  /** Adds a value to a sketch. */
  interface Feeder {
    void feed(SketchBuilder builder, long value);
  }

  WaitingValues(SketchColumn column, boolean distinct, Feeder feeder) {
    this.column = column;
    this.distinct = distinct;
    this.feeder = feeder;
    column.addWaitingBytes(bytes());
  }

  void add(int group, long value) {
    if (size == keys.length) {
      if (size == MOST) {
        flush();
      } else {
        column.addWaitingBytes(bytes());
        keys = Arrays.copyOf(keys, size * 2);
        values = Arrays.copyOf(values, size * 2);
      }
    }
    // The place is kept in the key: sorting keys keeps values of a group in their order.
    keys[size] = ((long) group << 32) | size;
    values[size++] = value;
  }

  /** Adds all that wait. */
  void flush() {
    Arrays.sort(keys, 0, size);
    int at = 0;
    while (at < size) {
      int group = (int) (keys[at] >>> 32);
      int end = at + 1;
      while (end < size && (int) (keys[end] >>> 32) == group) {
        end++;
      }
      feed(group, at, end);
      at = end;
    }
    size = 0;
  }

  private void feed(int group, int from, int to) {
    long[] ofGroup = new long[to - from];
    for (int i = from; i < to; i++) {
      ofGroup[i - from] = values[(int) keys[i]];
    }
    if (distinct) {
      Arrays.sort(ofGroup);
    }
    SketchBuilder builder = column.open(group);
    for (int i = 0; i < ofGroup.length; i++) {
      if (!distinct || i == 0 || ofGroup[i] != ofGroup[i - 1]) {
        feeder.feed(builder, ofGroup[i]);
      }
    }
    column.close(group, builder);
  }

  /** Gives back the memory of what waited; nothing is added after it. */
  void close() {
    flush();
    column.addWaitingBytes(-bytes());
  }

  private long bytes() {
    return 16L * keys.length;
  }
}
