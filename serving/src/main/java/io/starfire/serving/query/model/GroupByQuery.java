package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for aggregates for each time bucket and each combination of dimension values that occurs.
 * Groups are ordered by time, then by the dimensions, nulls first, unless the limitSpec orders them
 * otherwise. A row with several values of a dimension counts for each of them.
 *
 * @param dataSource name
 * @param intervals where rows are taken from
 * @param granularity of the buckets
 * @param dimensions what rows are grouped by
 * @param filter which rows count; null means all
 * @param aggregations what is computed
 * @param postAggregations what is computed from that
 * @param having which groups are returned, as a filter on their outputs; null means all
 * @param limitSpec order, offset and limit
 * @param context settings of the query
 * @param virtualColumns columns that the query computes
 */
public record GroupByQuery(
    String dataSource,
    List<Interval> intervals,
    QueryGranularity granularity,
    List<GroupDimension> dimensions,
    @Nullable Filter filter,
    List<Aggregation> aggregations,
    List<PostAggregation> postAggregations,
    @Nullable Filter having,
    LimitSpec limitSpec,
    QueryContext context,
    VirtualColumns virtualColumns)
    implements AggregateQuery {
  public GroupByQuery {
    QueryChecks.checkDataSource(dataSource);
    intervals = QueryChecks.condense(intervals);
    dimensions = List.copyOf(dimensions);
    aggregations = List.copyOf(aggregations);
    postAggregations = List.copyOf(postAggregations);
    Outputs outputs = QueryChecks.checkOutputs(dimensions, aggregations, postAggregations);
    limitSpec.checkOver(outputs);
    if (having != null) {
      checkHaving(having, outputs);
    }
  }

  private static void checkHaving(Filter having, Outputs outputs) {
    Set<String> names = new LinkedHashSet<>();
    having.collectColumns(names);
    for (String name : names) {
      if (!outputs.has(name) && !name.equals("__time")) {
        throw QueryChecks.invalid(
            "having names '%s', which is not an output of the query; those are %s",
            name, String.join(", ", outputs.names()));
      }
    }
  }
}
