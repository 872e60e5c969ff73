package io.starfire.serving.query.model;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for aggregates for each time bucket and each combination of dimension values that occurs.
 * Groups are ordered by time, then by the dimensions, nulls first, unless the limitSpec orders them
 * otherwise. A row with several values of a dimension counts for each of them.
 *
 * @param dataSource where rows are taken from
 * @param intervals when rows count
 * @param granularity of the buckets
 * @param dimensions what rows are grouped by
 * @param filter which rows count; null means all
 * @param aggregations what is computed
 * @param postAggregations what is computed from that
 * @param having which groups are returned, as a filter on their outputs; null means all
 * @param limitSpec order, offset and limit
 * @param context settings of the query
 * @param virtualColumns columns that the query computes
 * @param subtotals the output names of the dimensions of each set of groups that is answered, one
 *     set after the other; empty for one set with all dimensions
 */
public record GroupByQuery(
    DataSource dataSource,
    List<Interval> intervals,
    QueryGranularity granularity,
    List<GroupDimension> dimensions,
    @Nullable Filter filter,
    List<Aggregation> aggregations,
    List<PostAggregation> postAggregations,
    @Nullable Filter having,
    LimitSpec limitSpec,
    QueryContext context,
    VirtualColumns virtualColumns,
    List<List<String>> subtotals)
    implements AggregateQuery {
  public GroupByQuery {
    intervals = QueryChecks.condense(intervals);
    dimensions = List.copyOf(dimensions);
    aggregations = List.copyOf(aggregations);
    postAggregations = List.copyOf(postAggregations);
    Outputs outputs = QueryChecks.checkOutputs(dimensions, aggregations, postAggregations);
    limitSpec.checkOver(outputs);
    if (having != null) {
      checkHaving(having, outputs);
    }
    subtotals = subtotals.stream().map(List::copyOf).toList();
    List<String> names = dimensions.stream().map(GroupDimension::outputName).toList();
    aggregations.forEach(one -> one.checkGroupings(names));
    for (List<String> subtotal : subtotals) {
      checkSubtotal(subtotal, dimensions, having);
    }
  }

  private static void checkSubtotal(
      List<String> subtotal, List<GroupDimension> dimensions, @Nullable Filter having) {
    List<String> known = dimensions.stream().map(GroupDimension::outputName).toList();
    for (String name : subtotal) {
      if (!known.contains(name)) {
        throw QueryChecks.invalid(
            "subtotalsSpec names '%s', which is not the output of a dimension; those are %s",
            name, String.join(", ", known));
      }
    }
    Set<String> read = new LinkedHashSet<>();
    if (having != null) {
      having.collectColumns(read);
    }
    for (String name : known) {
      if (read.contains(name) && !subtotal.contains(name)) {
        throw QueryChecks.invalid(
            "having names the dimension '%s', which the subtotal [%s] does not have",
            name, String.join(", ", subtotal));
      }
    }
  }

  /** Whether the answer is put together from those of {@link #parts}. */
  public boolean hasParts() {
    return !subtotals.isEmpty() || context.grandTotal();
  }

  /**
   * The queries whose answers follow each other in this one's: for each subtotal one, and at last
   * one for the grand total if there is one. They ask for neither.
   */
  public List<GroupByQuery> parts() {
    List<GroupByQuery> parts = new ArrayList<>();
    List<String> all = dimensions.stream().map(GroupDimension::outputName).toList();
    for (List<String> subtotal : subtotals.isEmpty() ? List.of(all) : subtotals) {
      parts.add(part(subtotal, granularity, having, limitSpec.without(missing(all, subtotal))));
    }
    if (context.grandTotal()) {
      parts.add(part(List.of(), QueryGranularity.of(Granularity.ALL), null, LimitSpec.NONE));
    }
    return parts;
  }

  private static List<String> missing(List<String> all, List<String> subtotal) {
    return all.stream().filter(name -> !subtotal.contains(name)).toList();
  }

  private GroupByQuery part(
      List<String> names, QueryGranularity buckets, @Nullable Filter kept, LimitSpec limits) {
    return new GroupByQuery(
        dataSource,
        intervals,
        buckets,
        dimensions.stream().filter(one -> names.contains(one.outputName())).toList(),
        filter,
        aggregations.stream().map(one -> one.inSubtotal(names)).toList(),
        postAggregations,
        kept,
        limits,
        context.without("grandTotal"),
        virtualColumns,
        List.of());
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
      outputs.checkValue(name, "having");
    }
  }
}
