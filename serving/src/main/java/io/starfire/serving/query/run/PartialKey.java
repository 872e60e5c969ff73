package io.starfire.serving.query.run;

import io.starfire.common.Interval;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.filter.RowSelector;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.model.VirtualColumns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What decides about the groups of a query in a part of a segment.
 *
 * @param segment its id, with the version
 * @param rows of the segment
 * @param intervals that both the query and the view show of the segment
 * @param shape of the query
 */
record PartialKey(String segment, RowSelector.Range rows, List<Interval> intervals, Shape shape) {
  /** Values of lists in a filter above which a query is not worth its key. */
  private static final int MAX_VALUES = 1_000;

  /** All but intervals, in a query, that decides about groups. Its hash is computed once. */
  static final class Shape {
    private final Parts parts;
    private final int hash;

    private Shape(Parts parts) {
      this.parts = parts;
      this.hash = parts.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof Shape shape && hash == shape.hash && parts.equals(shape.parts));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /**
   * @param allMillis the time of the one bucket of granularity all; else 0
   */
  private record Parts(
      QueryGranularity granularity,
      long allMillis,
      List<GroupDimension> dimensions,
      @Nullable Filter filter,
      List<Aggregation> aggregations,
      VirtualColumns virtualColumns,
      long lookups) {}

  /**
   * Null for a query of which nothing is kept.
   *
   * @param lookups the number of the state of the lookups, which columns may be computed with
   */
  static @Nullable Shape shape(AggregateQuery query, long lookups) {
    if (values(query.filter()) > MAX_VALUES) {
      return null;
    }
    boolean all = query.granularity().isAll();
    return new Shape(
        new Parts(
            query.granularity(),
            all ? query.intervals().get(0).startMillis() : 0,
            query.dimensions(),
            query.filter(),
            query.aggregations(),
            query.virtualColumns(),
            lookups));
  }

  private static long values(@Nullable Filter filter) {
    if (filter instanceof Filter.In in) {
      return in.values().size();
    }
    if (filter instanceof Filter.And and) {
      return and.fields().stream().mapToLong(PartialKey::values).sum();
    }
    if (filter instanceof Filter.Or or) {
      return or.fields().stream().mapToLong(PartialKey::values).sum();
    }
    if (filter instanceof Filter.Is is) {
      return values(is.field());
    }
    return filter instanceof Filter.Not not ? values(not.field()) : 1;
  }

  static PartialKey of(Shape shape, AggregateQuery query, RowParts.Part part) {
    return new PartialKey(
        part.piece().source().id(),
        part.rows(),
        QueryEngine.clip(query.intervals(), part.piece().source().parts()),
        shape);
  }
}
