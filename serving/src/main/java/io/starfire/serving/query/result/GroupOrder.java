package io.starfire.serving.query.result;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.LimitSpec;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.model.TopNMetric;
import io.starfire.serving.query.model.TopNQuery;
import io.starfire.serving.query.model.ValueOrder;
import java.util.Comparator;
import java.util.List;

/**
 * The orders of groups. Numbers and texts are compared where they are; only what is ordered in
 * another way than the natural one is made an object for it. No two groups are equal. Stateless.
 */
final class GroupOrder {
  private GroupOrder() {}

  /** That of a groupBy: by its columns, and by time and dimensions. */
  static IntComparator of(GroupByQuery query, GroupOutputs groups) {
    IntComparator columns = (left, right) -> 0;
    List<LimitSpec.OrderBy> chosen = query.limitSpec().columns();
    for (int i = chosen.size() - 1; i >= 0; i--) {
      IntComparator column = of(chosen.get(i), groups);
      columns = (chosen.get(i).descending() ? column.reversed() : column).then(columns);
    }
    IntComparator dimensions = (left, right) -> 0;
    for (int d = query.dimensions().size() - 1; d >= 0; d--) {
      OutputColumn column = groups.column(d);
      dimensions = ((IntComparator) column::compare).then(dimensions);
    }
    IntComparator time = byTime(groups);
    if (query.granularity().isAll()) {
      return columns.then(dimensions);
    }
    return query.context().sortByDimsFirst()
        ? columns.then(dimensions).then(time)
        : time.then(columns).then(dimensions);
  }

  private static IntComparator byTime(GroupOutputs groups) {
    return (left, right) -> Long.compare(groups.timeMillis(left), groups.timeMillis(right));
  }

  private static IntComparator of(LimitSpec.OrderBy by, GroupOutputs groups) {
    Outputs outputs = groups.outputs();
    return outputs.isDimension(by.output())
        ? byDimension(groups, outputs.position(by.output()), by.order())
        : byValue(groups, by.output());
  }

  private static IntComparator byDimension(GroupOutputs groups, int position, ValueOrder order) {
    Outputs outputs = groups.outputs();
    boolean isText = outputs.type(outputs.names().get(position)) == ColumnType.STRING;
    OutputColumn column = groups.column(position);
    if (order == (isText ? ValueOrder.LEXICOGRAPHIC : ValueOrder.NUMERIC)) {
      return column::compare;
    }
    return (left, right) -> order.compare(column.value(left), column.value(right));
  }

  /** By an aggregation or a post-aggregation, nulls first. */
  private static IntComparator byValue(GroupOutputs groups, String name) {
    Outputs outputs = groups.outputs();
    OutputColumn column = groups.column(outputs.position(name));
    if (column instanceof OutputColumn.OfAggregate) {
      return column::compare;
    }
    Comparator<Object> order = outputs.order(name);
    return (left, right) -> order.compare(column.value(left), column.value(right));
  }

  /** That of a topN: nulls of the metric last, whichever way; ties by the dimension's value. */
  static IntComparator of(TopNQuery query, GroupOutputs groups) {
    if (query.metric() instanceof TopNMetric.ByDimension metric) {
      IntComparator order = byDimension(groups, 0, metric.order());
      return metric.inverted() ? order.reversed() : order;
    }
    TopNMetric.Numeric metric = (TopNMetric.Numeric) query.metric();
    OutputColumn column = groups.column(groups.outputs().position(metric.name()));
    IntComparator ascending = byValue(groups, metric.name());
    IntComparator best = metric.inverted() ? ascending : ascending.reversed();
    IntComparator byMetric =
        (left, right) -> {
          boolean leftNull = column.isNull(left);
          boolean rightNull = column.isNull(right);
          return leftNull || rightNull
              ? Boolean.compare(leftNull, rightNull)
              : best.compare(left, right);
        };
    OutputColumn dimension = groups.column(0);
    return byMetric.then(dimension::compare);
  }
}
