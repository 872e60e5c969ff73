package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowMatcher;
import io.starfire.serving.query.model.Filter;

/** Another aggregator, over those rows only that a filter matches. Immutable. */
final class FilteredAggregator implements AggregatorFactory {
  private final AggregatorFactory inner;
  private final Filter filter;

  FilteredAggregator(AggregatorFactory inner, Filter filter) {
    this.inner = inner;
    this.filter = filter;
  }

  @Override
  public AggregateColumn newColumn() {
    return inner.newColumn();
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    return new Sieve(inner.accumulator(rows, filters, into), filters.compile(filter));
  }

  private static final class Sieve extends Accumulator {
    private final Accumulator inner;
    private final RowMatcher matcher;
    private final boolean[] matched = new boolean[RowSet.BLOCK_ROWS];
    private final int[] keptRows = new int[RowSet.BLOCK_ROWS];
    private final int[] keptGroups = new int[RowSet.BLOCK_ROWS];

    Sieve(Accumulator inner, RowMatcher matcher) {
      this.inner = inner;
      this.matcher = matcher;
    }

    @Override
    public void read(int from, int count) {
      matcher.match(from, count, false, matched);
      inner.read(from, count);
    }

    @Override
    public void add(int[] rows, int[] groups, int count) {
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
    public void addToOne(int[] rows, int count, int group) {
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
    public long bytes() {
      return inner.bytes();
    }

    @Override
    public void addUp(int[] from, int[] into, int count) {
      inner.addUp(from, into, count);
    }

    @Override
    public void finish(int groups) {
      inner.finish(groups);
    }
  }
}
