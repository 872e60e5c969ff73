package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.vector.FlagVector;
import io.starfire.serving.query.vector.LongVector;
import io.starfire.serving.query.vector.Vector;
import java.util.Arrays;
import java.util.List;

/**
 * Sums of longs; over no value, null. A sum that leaves 64 bits is noted, and may come back: only a
 * total that does not fit is an error, whatever the order. Immutable.
 */
final class LongSumAggregator implements AggregatorFactory {
  private final Aggregation aggregation;

  LongSumAggregator(Aggregation aggregation) {
    this.aggregation = aggregation;
  }

  @Override
  public AggregateColumn newColumn() {
    return new Sums(aggregation.name());
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    NumberSource source = NumberSource.of(aggregation, rows);
    boolean fits =
        rows.column(aggregation.fieldName()) instanceof LongColumn && source.sumsAreIntegers();
    return new Adder((Sums) into, source, fits);
  }

  /** Adds the first values; a loop of its own, without a look at which rows they are. */
  static void addAll(int[] groups, int count, long[] values, long[] sums) {
    for (int i = 0; i < count; i++) {
      sums[groups[i]] += values[i];
    }
  }

  private static final class Sums extends AggregateColumn {
    private final String name;
    private final LongVector sums = new LongVector(0);
    private final FlagVector present = new FlagVector();

    /** How many times 2^64 are missing from each sum; without room while all are 0. */
    private final LongVector wraps = new LongVector(0);

    Sums(String name) {
      super(ColumnType.LONG);
      this.name = name;
    }

    @Override
    protected List<Vector> vectors() {
      return List.of(sums, present, wraps);
    }

    @Override
    public void grow(int capacity) {
      sums.grow(capacity);
      present.grow(capacity);
      if (wraps.capacity() > 0) {
        wraps.grow(capacity);
      }
    }

    /** Notes that 2^64 are missing from {@code left + right}, or too many. */
    private void wrap(int group, long left) {
      wraps.grow(sums.capacity());
      wraps.values()[group] += left < 0 ? -1 : 1;
    }

    @Override
    public void merge(AggregateColumn other, int[] from, int[] into, int count) {
      Sums added = (Sums) other;
      long[] values = sums.values();
      boolean[] flags = present.values();
      long[] addedValues = added.sums.values();
      boolean[] addedFlags = added.present.values();
      for (int i = 0; i < count; i++) {
        int group = into[i];
        long left = values[group];
        long right = addedValues[from[i]];
        long sum = left + right;
        values[group] = sum;
        flags[group] |= addedFlags[from[i]];
        if (((left ^ sum) & (right ^ sum)) < 0) {
          wrap(group, left);
        }
      }
      if (added.wraps.capacity() > 0) {
        wraps.grow(sums.capacity());
        for (int i = 0; i < count; i++) {
          wraps.values()[into[i]] += added.wraps.values()[from[i]];
        }
      }
    }

    @Override
    public boolean isNull(int group) {
      return !present.values()[group];
    }

    @Override
    public void check(int group) {
      if (wraps.capacity() > 0 && wraps.values()[group] != 0) {
        throw QueryChecks.invalid(
            "the sum '%s' does not fit into 64 bits; use doubleSum instead of longSum", name);
      }
    }

    @Override
    public long longAt(int group) {
      return sums.values()[group];
    }
  }

  private static final class Adder extends Accumulator {
    private final Sums column;
    private final NumberSource source;

    /** Whether no sum over rows of the row set can leave 64 bits. */
    private final boolean fits;

    /** Whether each group has a value, so that none need be noted. */
    private boolean allPresent;

    Adder(Sums column, NumberSource source, boolean fits) {
      this.column = column;
      this.source = source;
      this.fits = fits;
    }

    @Override
    public void expectAllRows() {
      allPresent = fits && !source.hasNulls();
    }

    @Override
    public void finish(int groups) {
      if (allPresent) {
        Arrays.fill(column.present.values(), 0, groups, true);
      }
    }

    @Override
    public void read(int from, int count) {
      source.readLongs(from, count);
    }

    @Override
    public void add(int[] rows, int[] groups, int count) {
      if (source.isMissing()) {
        return;
      }
      long[] sums = column.sums.values();
      boolean[] present = column.present.values();
      long[] values = source.longs;
      boolean hasNulls = source.hasNulls();
      if (fits && !hasNulls) {
        addAll(rows, groups, count, values, sums);
        if (!allPresent) {
          note(groups, count, present);
        }
        return;
      }
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (!hasNulls || !source.nulls[row]) {
          int group = groups[i];
          long left = sums[group];
          long right = values[row];
          long sum = left + right;
          sums[group] = sum;
          present[group] = true;
          if (((left ^ sum) & (right ^ sum)) < 0) {
            column.wrap(group, left);
          }
        }
      }
    }

    @Override
    public void addFirst(int[] groups, int count) {
      if (!allPresent) {
        super.addFirst(groups, count);
        return;
      }
      LongSumAggregator.addAll(groups, count, source.longs, column.sums.values());
    }

    private static void addAll(int[] rows, int[] groups, int count, long[] values, long[] sums) {
      for (int i = 0; i < count; i++) {
        sums[groups[i]] += values[rows[i]];
      }
    }

    private static void note(int[] groups, int count, boolean[] present) {
      for (int i = 0; i < count; i++) {
        present[groups[i]] = true;
      }
    }

    @Override
    public void addRange(int from, int to, int group) {
      if (fits && !source.hasNulls()) {
        column.sums.values()[group] += source.sumScaled(from, to);
        column.present.values()[group] = true;
      } else {
        super.addRange(from, to, group);
      }
    }

    @Override
    public void addToOne(int[] rows, int count, int group) {
      int left = source.presentOf(rows, count);
      if (left == 0) {
        return;
      }
      int[] chosen = source.present(rows);
      long[] values = source.longs;
      long total = column.sums.values()[group];
      for (int i = 0; i < left; i++) {
        long value = values[chosen[i]];
        long sum = total + value;
        if (((total ^ sum) & (value ^ sum)) < 0) {
          column.wrap(group, total);
        }
        total = sum;
      }
      column.sums.values()[group] = total;
      column.present.values()[group] = true;
    }
  }
}
