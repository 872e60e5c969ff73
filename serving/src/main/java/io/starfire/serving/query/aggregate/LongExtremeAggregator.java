package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.vector.FlagVector;
import io.starfire.serving.query.vector.LongVector;
import io.starfire.serving.query.vector.Vector;
import java.util.Arrays;
import java.util.List;

/** The smallest or largest of longs; over no value, null. Immutable. */
final class LongExtremeAggregator implements AggregatorFactory {
  private final Aggregation aggregation;
  private final boolean smallest;

  LongExtremeAggregator(Aggregation aggregation, boolean smallest) {
    this.aggregation = aggregation;
    this.smallest = smallest;
  }

  @Override
  public AggregateColumn newColumn() {
    return new Extremes(smallest);
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    return new Adder((Extremes) into, NumberSource.of(aggregation, rows));
  }

  private static final class Extremes extends AggregateColumn {
    private final boolean smallest;
    private final LongVector extremes;
    private final FlagVector present = new FlagVector();

    Extremes(boolean smallest) {
      super(ColumnType.LONG);
      this.smallest = smallest;
      // What an empty group has can be compared with any value.
      this.extremes = new LongVector(smallest ? Long.MAX_VALUE : Long.MIN_VALUE);
    }

    @Override
    protected List<Vector> vectors() {
      return List.of(extremes, present);
    }

    private long better(long left, long right) {
      return smallest ? Math.min(left, right) : Math.max(left, right);
    }

    @Override
    public void merge(AggregateColumn other, int[] from, int[] into, int count) {
      Extremes added = (Extremes) other;
      long[] values = extremes.values();
      boolean[] flags = present.values();
      long[] addedValues = added.extremes.values();
      boolean[] addedFlags = added.present.values();
      for (int i = 0; i < count; i++) {
        values[into[i]] = better(values[into[i]], addedValues[from[i]]);
        flags[into[i]] |= addedFlags[from[i]];
      }
    }

    @Override
    public boolean isNull(int group) {
      return !present.values()[group];
    }

    @Override
    public long longAt(int group) {
      return extremes.values()[group];
    }
  }

  private static final class Adder extends Accumulator {
    private final Extremes column;
    private final NumberSource source;

    /** Whether each group has a value, so that none need be noted. */
    private boolean allPresent;

    Adder(Extremes column, NumberSource source) {
      this.column = column;
      this.source = source;
    }

    @Override
    public void expectAllRows() {
      allPresent = !source.isMissing() && !source.hasNulls();
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
      long[] extremes = column.extremes.values();
      if (allPresent) {
        if (column.smallest) {
          keepSmallest(rows, groups, count, source.longs, extremes);
        } else {
          keepLargest(rows, groups, count, source.longs, extremes);
        }
        return;
      }
      boolean[] present = column.present.values();
      boolean hasNulls = source.hasNulls();
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (!hasNulls || !source.nulls[row]) {
          int group = groups[i];
          extremes[group] = column.better(extremes[group], source.longs[row]);
          present[group] = true;
        }
      }
    }

    private static void keepSmallest(
        int[] rows, int[] groups, int count, long[] values, long[] smallest) {
      for (int i = 0; i < count; i++) {
        long value = values[rows[i]];
        if (value < smallest[groups[i]]) {
          smallest[groups[i]] = value;
        }
      }
    }

    private static void keepLargest(
        int[] rows, int[] groups, int count, long[] values, long[] largest) {
      for (int i = 0; i < count; i++) {
        long value = values[rows[i]];
        if (value > largest[groups[i]]) {
          largest[groups[i]] = value;
        }
      }
    }

    @Override
    public void addToOne(int[] rows, int count, int group) {
      int left = source.presentOf(rows, count);
      if (left == 0) {
        return;
      }
      int[] chosen = source.present(rows);
      long extreme = column.extremes.values()[group];
      for (int i = 0; i < left; i++) {
        extreme = column.better(extreme, source.longs[chosen[i]]);
      }
      column.extremes.values()[group] = extreme;
      column.present.values()[group] = true;
    }

    @Override
    public void addRange(int from, int to, int group) {
      int row = from;
      while (row < to) {
        int end = source.endOfKnownBlock(row, to);
        if (end < 0) {
          end = Math.min(to, source.endOfBlock(row));
          super.addRange(row, end, group);
        } else if (source.knownValues(row) > 0) {
          long[] extremes = column.extremes.values();
          extremes[group] = column.better(extremes[group], source.knownLong(row, column.smallest));
          column.present.values()[group] = true;
        }
        row = end;
      }
    }
  }
}
