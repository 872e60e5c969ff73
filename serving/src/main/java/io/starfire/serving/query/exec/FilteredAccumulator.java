package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.RowMatcher;

/** Hands on those rows only that a filter matches. Not thread-safe. */
final class FilteredAccumulator extends Accumulator {
  private final Accumulator inner;
  private final RowMatcher matcher;
  private final boolean[] matched = new boolean[RowSet.BLOCK_ROWS];
  private final int[] keptRows = new int[RowSet.BLOCK_ROWS];
  private final int[] keptGroups = new int[RowSet.BLOCK_ROWS];

  FilteredAccumulator(Accumulator inner, RowMatcher matcher) {
    this.inner = inner;
    this.matcher = matcher;
  }

  @Override
  void read(int from, int count) {
    matcher.match(from, count, false, matched);
    inner.read(from, count);
  }

  @Override
  void add(int[] rows, int[] groups, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      keptRows[kept] = row;
      keptGroups[kept] = groups[i];
      kept += matched[row] ? 1 : 0;
    }
    if (kept > 0) {
      inner.add(keptRows, keptGroups, kept);
    }
  }

  @Override
  void addToOne(int[] rows, int count, int group) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      keptRows[kept] = row;
      kept += matched[row] ? 1 : 0;
    }
    if (kept > 0) {
      inner.addToOne(keptRows, kept, group);
    }
  }

  @Override
  void grow(int capacity) {
    inner.grow(capacity);
  }

  @Override
  void store(int group, Aggregates into, int index) {
    inner.store(group, into, index);
  }
}
