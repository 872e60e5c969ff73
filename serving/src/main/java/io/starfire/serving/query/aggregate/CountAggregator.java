package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.vector.LongVector;
import io.starfire.serving.query.vector.Vector;
import java.util.List;

/** Counts rows; over none, 0. Immutable. */
final class CountAggregator implements AggregatorFactory {
  @Override
  public AggregateColumn newColumn() {
    return new Counts();
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    return new Counter((Counts) into);
  }

  private static final class Counts extends AggregateColumn {
    private final LongVector counts = new LongVector(0);

    Counts() {
      super(ColumnType.LONG);
    }

    @Override
    protected List<Vector> vectors() {
      return List.of(counts);
    }

    @Override
    public void merge(AggregateColumn other, int[] from, int[] into, int count) {
      long[] sums = counts.values();
      long[] added = ((Counts) other).counts.values();
      for (int i = 0; i < count; i++) {
        sums[into[i]] += added[from[i]];
      }
    }

    @Override
    public boolean isNull(int group) {
      return false;
    }

    @Override
    public long longAt(int group) {
      return counts.values()[group];
    }
  }

  private static final class Counter extends Accumulator {
    private final LongVector counts;

    Counter(Counts column) {
      this.counts = column.counts;
    }

    @Override
    public void read(int from, int count) {}

    @Override
    public void add(int[] rows, int[] groups, int count) {
      long[] sums = counts.values();
      for (int i = 0; i < count; i++) {
        sums[groups[i]]++;
      }
    }

    @Override
    public void addToOne(int[] rows, int count, int group) {
      counts.values()[group] += count;
    }

    @Override
    public void addRange(int from, int to, int group) {
      counts.values()[group] += to - from;
    }
  }
}
