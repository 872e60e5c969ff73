package io.starfire.serving.query.model;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for aggregates for each time bucket. Buckets without rows that lie within segments are
 * filled in, with count 0 and null for everything else, unless the context sets {@code
 * skipEmptyBuckets} or the granularity is none.
 *
 * @param dataSource where rows are taken from
 * @param intervals when rows count
 * @param granularity of the buckets
 * @param filter which rows count; null means all
 * @param aggregations what is computed; at least one unless only the times are of interest
 * @param postAggregations what is computed from that
 * @param descending whether the latest bucket comes first
 * @param limit the largest number of buckets, after ordering; 0 means no limit
 * @param context settings of the query
 * @param virtualColumns columns that the query computes
 */
public record TimeseriesQuery(
    DataSource dataSource,
    List<Interval> intervals,
    QueryGranularity granularity,
    @Nullable Filter filter,
    List<Aggregation> aggregations,
    List<PostAggregation> postAggregations,
    boolean descending,
    int limit,
    QueryContext context,
    VirtualColumns virtualColumns)
    implements AggregateQuery {
  /** The largest number of empty buckets that are filled in. */
  private static final long MAX_BUCKETS = 1_000_000;

  public TimeseriesQuery {
    intervals = QueryChecks.condense(intervals);
    aggregations = List.copyOf(aggregations);
    postAggregations = List.copyOf(postAggregations);
    QueryChecks.checkOutputs(List.of(), aggregations, postAggregations);
    QueryChecks.checkLimit(limit);
  }

  /**
   * Refuses to fill in too many buckets, without making them.
   *
   * @param shown in which buckets are filled in, in order, not overlapping
   * @throws StarfireException with CAPACITY_EXCEEDED
   */
  public void checkBuckets(List<Interval> shown) {
    if (context.skipEmptyBuckets() || granularity.isNone() || granularity.isAll()) {
      return;
    }
    long buckets = 0;
    for (Interval interval : shown) {
      long start = granularity.bucketStart(interval.startMillis());
      while (start < interval.endMillis()) {
        if (++buckets > MAX_BUCKETS) {
          throw new StarfireException(
              ErrorCode.CAPACITY_EXCEEDED,
              "where the data source has rows, the intervals of the query have more than %,d buckets of granularity %s; use a coarser one, a shorter interval, or context.skipEmptyBuckets"
                  .formatted(MAX_BUCKETS, granularity.text()));
        }
        start = granularity.bucketEnd(start);
      }
    }
  }

  @Override
  public List<GroupDimension> dimensions() {
    return List.of();
  }
}
