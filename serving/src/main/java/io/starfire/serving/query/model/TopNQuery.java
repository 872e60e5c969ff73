package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the first few values of one dimension in each time bucket, ranked by an aggregate or by
 * the value itself. The answer is always exact: every value that occurs is aggregated before it is
 * ranked. Ties are ordered by the dimension's value, ascending, nulls first, so that the answer is
 * the same each time. Buckets without rows are left out. A row with several values of the dimension
 * counts for each of them.
 *
 * @param dataSource where rows are taken from
 * @param intervals when rows count
 * @param granularity of the buckets
 * @param dimension whose values are ranked
 * @param metric how they are ranked
 * @param threshold the largest number of values in each bucket; at least 1
 * @param filter which rows count; null means all
 * @param aggregations what is computed
 * @param postAggregations what is computed from that
 * @param context settings of the query
 * @param virtualColumns columns that the query computes
 */
public record TopNQuery(
    DataSource dataSource,
    List<Interval> intervals,
    QueryGranularity granularity,
    GroupDimension dimension,
    TopNMetric metric,
    int threshold,
    @Nullable Filter filter,
    List<Aggregation> aggregations,
    List<PostAggregation> postAggregations,
    QueryContext context,
    VirtualColumns virtualColumns)
    implements AggregateQuery {
  public TopNQuery {
    intervals = QueryChecks.condense(intervals);
    aggregations = List.copyOf(aggregations);
    postAggregations = List.copyOf(postAggregations);
    Outputs outputs = QueryChecks.checkOutputs(List.of(dimension), aggregations, postAggregations);
    if (threshold < 1) {
      throw QueryChecks.invalid("threshold must be at or above 1, got %d", threshold);
    }
    if (metric instanceof TopNMetric.Numeric numeric) {
      checkMetric(numeric.name(), outputs.names().subList(1, outputs.names().size()));
      outputs.checkOrdered(numeric.name(), "a topN");
    }
  }

  private static void checkMetric(String name, List<String> known) {
    if (!known.contains(name)) {
      throw QueryChecks.invalid(
          "metric '%s' is not computed by the query; %s",
          name,
          known.isEmpty()
              ? "add an aggregation of that name"
              : known.stream().collect(Collectors.joining(", ", "it computes ", "")));
    }
  }

  @Override
  public List<GroupDimension> dimensions() {
    return List.of(dimension);
  }
}
