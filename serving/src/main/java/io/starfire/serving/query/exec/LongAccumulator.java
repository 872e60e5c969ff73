package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.Aggregation;
import java.util.Arrays;

/**
 * Sum, minimum or maximum of longs. A sum that leaves 64 bits is noted, and may come back. Not
 * thread-safe.
 */
final class LongAccumulator extends Accumulator {
  private final Aggregation.Kind kind;
  private final NumberSource source;
  private final long identity;
  private final int[] presentRows = new int[RowSet.BLOCK_ROWS];
  private long[] values = {};
  private boolean[] present = {};

  /** How many times 2^64 are missing from a sum; as long as values, or empty while all are 0. */
  private long[] wraps = {};

  LongAccumulator(Aggregation aggregation, NumberSource source) {
    this.kind = aggregation.kind();
    this.source = source;
    this.identity =
        switch (kind) {
          case LONG_MIN -> Long.MAX_VALUE;
          case LONG_MAX -> Long.MIN_VALUE;
          case LONG_SUM -> 0;
          default -> throw unknown(kind);
        };
  }

  /** How many times 2^64 are missing from {@code left + right}: -1, 0 or 1. */
  static int wraps(long left, long right) {
    long sum = left + right;
    if (((left ^ sum) & (right ^ sum)) >= 0) {
      return 0;
    }
    return left < 0 ? -1 : 1;
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
        values[group] = combine(values[group], source.longs[row], group);
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
      total = combine(total, source.longs[chosen[i]], group);
    }
    values[group] = total;
    present[group] = true;
  }

  private long combine(long left, long right, int group) {
    return switch (kind) {
      case LONG_MIN -> Math.min(left, right);
      case LONG_MAX -> Math.max(left, right);
      case LONG_SUM -> {
        long sum = left + right;
        if (((left ^ sum) & (right ^ sum)) < 0) {
          wraps = wraps.length < values.length ? Arrays.copyOf(wraps, values.length) : wraps;
          wraps[group] += wraps(left, right);
        }
        yield sum;
      }
      default -> throw unknown(kind);
    };
  }

  @Override
  void grow(int capacity) {
    values = grown(values, capacity, identity);
    present = Arrays.copyOf(present, capacity);
  }

  @Override
  void store(int group, Aggregates into, int index) {
    if (present[group]) {
      into.set(index, values[group], group < wraps.length ? wraps[group] : 0);
    }
  }
}
