package io.starfire.serving.query;

import io.starfire.segment.column.RowSet;
import java.util.Arrays;

/** Sum, minimum or maximum of longs. A sum that does not fit is an error. Not thread-safe. */
final class LongAccumulator extends Accumulator {
  private final Aggregation aggregation;
  private final NumberSource source;
  private final long identity;
  private final int[] presentRows = new int[RowSet.BLOCK_ROWS];
  private long[] values = {};
  private boolean[] present = {};

  LongAccumulator(Aggregation aggregation, NumberSource source) {
    this.aggregation = aggregation;
    this.source = source;
    this.identity =
        switch (aggregation.kind()) {
          case LONG_MIN -> Long.MAX_VALUE;
          case LONG_MAX -> Long.MIN_VALUE;
          default -> 0;
        };
  }

  @Override
  void read(int from, int count) {
    source.readLongs(from, count);
  }

  @Override
  void add(int[] rows, int[] groups, int count) {
    if (source.isMissing()) {
      return;
    }
    boolean hasNulls = source.hasNulls();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (!hasNulls || !source.nulls[row]) {
        int group = groups[i];
        values[group] = combine(values[group], source.longs[row]);
        present[group] = true;
      }
    }
  }

  @Override
  void addToOne(int[] rows, int count, int group) {
    if (source.isMissing()) {
      return;
    }
    int[] chosen = rows;
    int left = count;
    if (source.hasNulls()) {
      chosen = presentRows;
      left = source.present(rows, count, presentRows);
    }
    if (left == 0) {
      return;
    }
    long total = values[group];
    for (int i = 0; i < left; i++) {
      total = combine(total, source.longs[chosen[i]]);
    }
    values[group] = total;
    present[group] = true;
  }

  private long combine(long left, long right) {
    return aggregation.kind().combine(left, right, aggregation.name());
  }

  @Override
  void grow(int capacity) {
    values = grown(values, capacity, identity);
    present = Arrays.copyOf(present, capacity);
  }

  @Override
  boolean isPresent(int group) {
    return present[group];
  }

  @Override
  long bits(int group) {
    return values[group];
  }
}
