package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.List;

/**
 * Aggregates for each time bucket. Buckets without rows are filled in, with count 0 and null for
 * everything else, unless the context says {@code skipEmptyBuckets} or the granularity is none.
 *
 * @param dataSource name
 * @param intervals where rows are taken from
 * @param granularity of the buckets
 * @param filter which rows count; null for all
 * @param aggregations what is computed; at least one unless only the times are of interest
 * @param postAggregations what is computed from that
 * @param descending whether the latest bucket comes first
 * @param limit the number of buckets to return at most, after ordering; 0 for all
 * @param context settings that do not change what is asked
 */
public record TimeseriesQuery(
    String dataSource,
    List<Interval> intervals,
    QueryGranularity granularity,
    Filter filter,
    List<Aggregation> aggregations,
    List<PostAggregation> postAggregations,
    boolean descending,
    int limit,
    QueryContext context)
    implements AggregateQuery {
  public TimeseriesQuery {
    QueryChecks.checkDataSource(dataSource);
    intervals = QueryChecks.condense(intervals);
    aggregations = List.copyOf(aggregations);
    postAggregations = List.copyOf(postAggregations);
    QueryChecks.checkOutputs(List.of(), aggregations, postAggregations);
    QueryChecks.checkLimit(limit);
  }

  @Override
  public List<GroupDimension> dimensions() {
    return List.of();
  }
}
