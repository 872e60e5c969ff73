package io.starfire.serving.query.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query that puts rows into groups, by time bucket and dimensions, and computes aggregates for
 * each group. {@code QueryEngine} answers it.
 */
public sealed interface AggregateQuery extends Query
    permits TimeseriesQuery, GroupByQuery, TopNQuery {
  QueryGranularity granularity();

  /** Which rows count; null for all. */
  @Nullable Filter filter();

  List<Aggregation> aggregations();

  /** Values that are computed from the aggregates of each group. */
  List<PostAggregation> postAggregations();

  /** What rows are grouped by, besides time; empty for a timeseries. */
  List<GroupDimension> dimensions();

  @Override
  default Set<String> requiredColumns() {
    Set<String> columns = new LinkedHashSet<>();
    dimensions().forEach(dimension -> columns.add(dimension.column()));
    Filter filter = filter();
    if (filter != null) {
      filter.collectColumns(columns);
    }
    aggregations().forEach(aggregation -> aggregation.collectColumns(columns));
    return columns;
  }
}
