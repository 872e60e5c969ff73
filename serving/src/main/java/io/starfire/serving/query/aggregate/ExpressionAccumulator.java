package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.compute.Fold;
import io.starfire.serving.query.compute.FoldedExpression;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Folds the rows of a row set. Until they are all folded, the values of groups are objects. Not
 * thread-safe.
 */
final class ExpressionAccumulator extends Accumulator {
  /** Of an object of a group, beside what it holds. */
  private static final int BYTES_OF_VALUE = 24;

  private final ExpressionColumn column;
  private final FoldedExpression expression;
  private final Fold fold;
  private @Nullable Object[] values = {};

  /** Bytes of the values; negative of those of a group that nothing was folded into. */
  private int[] sizes = {};

  private long valueBytes;
  private final int[] oneGroup = new int[RowSet.BLOCK_ROWS];

  ExpressionAccumulator(ExpressionColumn column, FoldedExpression expression, Fold fold) {
    this.column = column;
    this.expression = expression;
    this.fold = fold;
  }

  @Override
  public void read(int from, int count) {
    fold.read(from, count);
  }

  @Override
  public void add(int[] rows, int[] groups, int count) {
    grow();
    for (int i = 0; i < count; i++) {
      int group = groups[i];
      Object before = sizes[group] < 0 ? expression.initial() : values[group];
      if (fold.add(rows[i], before)) {
        set(group, fold.value());
      }
    }
  }

  private void grow() {
    int capacity = column.capacity();
    if (values.length < capacity) {
      int old = values.length;
      values = Arrays.copyOf(values, capacity);
      sizes = Arrays.copyOf(sizes, capacity);
      Arrays.fill(sizes, old, capacity, -1);
    }
  }

  private void set(int group, @Nullable Object value) {
    int size = column.checkSize(value);
    valueBytes += size - Math.max(0, sizes[group]) + (sizes[group] < 0 ? BYTES_OF_VALUE : 0);
    values[group] = value;
    sizes[group] = size;
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    Arrays.fill(oneGroup, 0, count, group);
    add(rows, oneGroup, count);
  }

  /** Elements of arrays are objects, which take some times the bytes that they are written as. */
  @Override
  public long bytes() {
    return 12L * values.length + 3 * valueBytes;
  }

  @Override
  public void finish(int groups) {
    for (int group = 0; group < Math.min(groups, values.length); group++) {
      if (sizes[group] >= 0) {
        column.setFolded(group, values[group]);
      }
    }
    values = new Object[0];
    sizes = new int[0];
    valueBytes = 0;
  }
}
