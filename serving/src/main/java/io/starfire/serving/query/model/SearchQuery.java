package io.starfire.serving.query.model;

import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the values of dimensions that match, with the number of rows that have each. Null never
 * matches. Numbers are searched as text, as they are in results. The limit holds for each time
 * bucket: as in Druid, it takes the values of the first dimension, by their UTF-8 bytes, then those
 * of the second. What it takes comes in the given order, then by the name of the dimension. Buckets
 * without a match are left out.
 *
 * @param dataSource where rows are taken from
 * @param intervals when rows count
 * @param granularity of the buckets
 * @param dimensions the dimensions that are searched; empty means all
 * @param match which values match
 * @param order of the values
 * @param limit the largest number of values in each bucket; at least 1
 * @param filter which rows count; null means all
 * @param context settings of the query
 * @param virtualColumns columns that the query computes
 */
public record SearchQuery(
    DataSource dataSource,
    List<Interval> intervals,
    QueryGranularity granularity,
    List<GroupDimension> dimensions,
    SearchMatch match,
    ValueOrder order,
    int limit,
    @Nullable Filter filter,
    QueryContext context,
    VirtualColumns virtualColumns)
    implements Query {
  public SearchQuery {
    intervals = QueryChecks.condense(intervals);
    dimensions = List.copyOf(dimensions);
    Set<String> names = new LinkedHashSet<>();
    for (GroupDimension dimension : dimensions) {
      if (!names.add(dimension.outputName())) {
        throw QueryChecks.invalid(
            "searchDimensions names '%s' twice; name it once", dimension.outputName());
      }
    }
    if (limit < 1) {
      throw QueryChecks.invalid("limit must be at or above 1, got %d", limit);
    }
  }

  @Override
  public Set<String> requiredColumns() {
    Set<String> columns = new LinkedHashSet<>();
    dimensions.forEach(dimension -> columns.add(dimension.column()));
    if (filter != null) {
      filter.collectColumns(columns);
    }
    return columns;
  }

  /**
   * A query for each dimension, which counts the rows of each of its values. Of a row with several
   * values, it also counts those that do not match.
   *
   * @param all dimensions of the data source
   */
  public List<GroupByQuery> counts(Collection<String> all) {
    List<GroupDimension> searched = new ArrayList<>(dimensions);
    if (searched.isEmpty()) {
      all.forEach(name -> searched.add(new GroupDimension(name, name, ColumnType.STRING)));
    }
    List<GroupByQuery> counts = new ArrayList<>();
    for (GroupDimension dimension : searched) {
      Filter matching = new Filter.Search(dimension.column(), match);
      // A name that always differs from the dimension's.
      Aggregation count =
          new Aggregation(AggregationKind.COUNT, dimension.outputName() + " count", null);
      counts.add(
          new GroupByQuery(
              dataSource,
              intervals,
              granularity,
              List.of(
                  new GroupDimension(
                      dimension.column(), dimension.outputName(), ColumnType.STRING)),
              filter == null ? matching : new Filter.And(List.of(matching, filter)),
              List.of(count),
              List.of(),
              null,
              LimitSpec.NONE,
              QueryContext.EMPTY,
              virtualColumns,
              List.of()));
    }
    return counts;
  }
}
