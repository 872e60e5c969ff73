package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.Aggregation;
import java.util.Arrays;

/** Sum, minimum, maximum or mean of doubles; NaN makes all of them NaN. Not thread-safe. */
final class DoubleAccumulator extends Accumulator {
  private final Aggregation.Kind kind;
  private final NumberSource source;
  private final double identity;
  private final int[] presentRows = new int[RowSet.BLOCK_ROWS];
  private double[] values = {};
  private boolean[] present = {};

  /** Numbers of values, for means only. */
  private long[] counts = {};

  DoubleAccumulator(Aggregation aggregation, NumberSource source) {
    this.kind = aggregation.kind();
    this.source = source;
    this.identity =
        switch (aggregation.kind()) {
          case DOUBLE_MIN -> Double.POSITIVE_INFINITY;
          case DOUBLE_MAX -> Double.NEGATIVE_INFINITY;
          case DOUBLE_SUM, DOUBLE_MEAN -> 0;
          default -> throw unknown(kind);
        };
  }

  @Override
  void read(int from, int count) {
    source.readDoubles(from, count);
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
        values[group] = combine(values[group], source.doubles[row]);
        present[group] = true;
        if (kind == Aggregation.Kind.DOUBLE_MEAN) {
          counts[group]++;
        }
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
    double total = values[group];
    for (int i = 0; i < left; i++) {
      total = combine(total, source.doubles[chosen[i]]);
    }
    values[group] = total;
    present[group] = true;
    if (kind == Aggregation.Kind.DOUBLE_MEAN) {
      counts[group] += left;
    }
  }

  private double combine(double left, double right) {
    return switch (kind) {
      case DOUBLE_MIN -> Math.min(left, right);
      case DOUBLE_MAX -> Math.max(left, right);
      case DOUBLE_SUM, DOUBLE_MEAN -> left + right;
      default -> throw unknown(kind);
    };
  }

  @Override
  void grow(int capacity) {
    double[] longer = Arrays.copyOf(values, capacity);
    Arrays.fill(longer, values.length, capacity, identity);
    values = longer;
    present = Arrays.copyOf(present, capacity);
    if (kind == Aggregation.Kind.DOUBLE_MEAN) {
      counts = Arrays.copyOf(counts, capacity);
    }
  }

  @Override
  void store(int group, Aggregates into, int index) {
    if (present[group]) {
      long count = kind == Aggregation.Kind.DOUBLE_MEAN ? counts[group] : 0;
      into.set(index, Double.doubleToRawLongBits(values[group]), count);
    }
  }
}
