package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.sketch.SketchBuilder;
import java.util.Arrays;

/** Puts the sketches of a column together. Not thread-safe. */
final class StoredSketches extends Accumulator {
  private final SketchColumn column;
  private final BytesColumn stored;
  private final byte[][] sketches = new byte[RowSet.BLOCK_ROWS][];
  private final WaitingBlock waiting = new WaitingBlock();

  StoredSketches(SketchColumn column, BytesColumn stored) {
    this.column = column;
    this.stored = stored;
  }

  @Override
  public void read(int from, int count) {
    stored.read(from, count, sketches);
  }

  @Override
  public void add(int[] rows, int[] groups, int count) {
    waiting.sort(groups, count);
    int at = 0;
    while (at < count) {
      int end = waiting.endOfGroup(at, count);
      addRun(rows, at, end);
      at = end;
    }
  }

  private void addRun(int[] rows, int from, int to) {
    SketchBuilder builder = null;
    int group = waiting.group(from);
    for (int i = from; i < to; i++) {
      byte[] sketch = sketches[rows[waiting.place(i)]];
      if (sketch != null) {
        builder = builder == null ? column.open(group) : builder;
        column.add(builder, sketch);
      }
    }
    if (builder != null) {
      column.close(group, builder);
    }
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    SketchBuilder builder = null;
    for (int i = 0; i < count; i++) {
      byte[] sketch = sketches[rows[i]];
      if (sketch != null) {
        builder = builder == null ? column.open(group) : builder;
        column.add(builder, sketch);
      }
    }
    if (builder != null) {
      column.close(group, builder);
    }
  }

  /** The places of a block's rows, sorted by group. */
  private static final class WaitingBlock {
    private final long[] keys = new long[RowSet.BLOCK_ROWS];

    void sort(int[] groups, int count) {
      for (int i = 0; i < count; i++) {
        keys[i] = ((long) groups[i] << 32) | i;
      }
      Arrays.sort(keys, 0, count);
    }

    int group(int at) {
      return (int) (keys[at] >>> 32);
    }

    int place(int at) {
      return (int) keys[at];
    }

    int endOfGroup(int at, int count) {
      int end = at + 1;
      while (end < count && group(end) == group(at)) {
        end++;
      }
      return end;
    }
  }
}
