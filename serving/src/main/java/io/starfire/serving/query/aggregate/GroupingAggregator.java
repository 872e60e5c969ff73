package io.starfire.serving.query.aggregate;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.AggregationKind;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.vector.Vector;
import java.util.List;

/**
 * Says of each group to which subtotal it belongs: a bit for each dimension that is named, the
 * highest for the first, which is 1 if the subtotal does not have the dimension. Immutable.
 */
final class GroupingAggregator implements AggregatorFactory {
  private final long bits;

  GroupingAggregator(Aggregation aggregation) {
    List<String> groupings = aggregation.columns(AggregationKind.GROUPINGS);
    if (groupings.isEmpty() || groupings.size() >= Long.SIZE) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type grouping must name from 1 to %d dimensions in %s, got %d",
          aggregation.name(), Long.SIZE - 1, AggregationKind.GROUPINGS, groupings.size());
    }
    boolean isSubtotal = aggregation.settings().containsKey(AggregationKind.KEY_DIMENSIONS);
    List<String> dimensions =
        isSubtotal ? aggregation.columns(AggregationKind.KEY_DIMENSIONS) : groupings;
    long found = 0;
    for (String grouping : groupings) {
      found = found << 1 | (dimensions.contains(grouping) ? 0 : 1);
    }
    this.bits = found;
  }

  @Override
  public AggregateColumn newColumn() {
    return new Bits(bits);
  }

  @Override
  public Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into) {
    return new NothingToAdd();
  }

  /** All groups of a query have the same. */
  private static final class Bits extends AggregateColumn {
    private final long bits;

    Bits(long bits) {
      super(ColumnType.LONG);
      this.bits = bits;
    }

    @Override
    protected List<Vector> vectors() {
      return List.of();
    }

    @Override
    public void merge(AggregateColumn other, int[] from, int[] into, int count) {}

    @Override
    public boolean isNull(int group) {
      return false;
    }

    @Override
    public long longAt(int group) {
      return bits;
    }
  }
}
