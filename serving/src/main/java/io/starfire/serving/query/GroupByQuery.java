package io.starfire.serving.query;

import io.starfire.common.Interval;
import java.util.List;

/**
 * Aggregates for each time bucket and combination of dimension values that occurs, ordered by time,
 * then by the dimensions, nulls first. A row with several values of a dimension counts for each.
 *
 * @param dataSource name
 * @param intervals where rows are taken from
 * @param granularity of the buckets
 * @param dimensions what rows are grouped by
 * @param filter which rows count; null for all
 * @param aggregations what is computed
 * @param context settings that do not change what is asked
 */
public record GroupByQuery(
    String dataSource,
    List<Interval> intervals,
    QueryGranularity granularity,
    List<GroupDimension> dimensions,
    Filter filter,
    List<Aggregation> aggregations,
    QueryContext context)
    implements AggregateQuery {
  public GroupByQuery {
    QueryChecks.checkDataSource(dataSource);
    intervals = QueryChecks.condense(intervals);
    dimensions = List.copyOf(dimensions);
    aggregations = List.copyOf(aggregations);
    QueryChecks.checkOutputNames(dimensions, aggregations);
  }
}
