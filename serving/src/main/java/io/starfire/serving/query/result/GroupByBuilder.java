package io.starfire.serving.query.result;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.Aggregates;
import io.starfire.serving.query.exec.GroupKey;
import io.starfire.serving.query.exec.Partial;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowMatcher;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.LimitSpec;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.model.ValueOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Makes the answer of a groupBy from its merged groups: having, order, offset and limit. */
final class GroupByBuilder {
  private final GroupByQuery query;
  private final Outputs outputs;
  private final QueryControl control;

  GroupByBuilder(GroupByQuery query, QueryControl control) {
    this.query = query;
    this.outputs = new Outputs(query);
    this.control = control;
  }

  QueryResult build(Partial partial) {
    control.reserveForGroups(partial.groupCount() * ResultRow.bytes(outputs.names().size()));
    List<ResultRow> rows = new ArrayList<>(partial.groupCount());
    for (Map.Entry<GroupKey, Aggregates> group : partial.groups().entrySet()) {
      if (rows.size() % 1024 == 0) {
        control.check();
      }
      List<Object> values =
          outputs.values(group.getKey().values(), group.getValue().values(query.aggregations()));
      rows.add(new ResultRow(group.getKey().timeMillis(), values));
    }
    if (rows.isEmpty() && query.dimensions().isEmpty() && query.granularity().isAll()) {
      rows.add(ofNothing());
    }
    Filter having = query.having();
    if (having != null) {
      rows = matching(having, rows);
    }
    return new QueryResult(shape(), outputs.names(), ordered(rows), query.granularity().zone());
  }

  /** As in SQL and Druid, a total over nothing is a row: of counts that are 0, and of nulls. */
  private ResultRow ofNothing() {
    List<Object> aggregates =
        new Aggregates(query.aggregations().size()).values(query.aggregations());
    return new ResultRow(
        query.intervals().get(0).startMillis(), outputs.values(List.of(), aggregates));
  }

  private QueryResult.Shape shape() {
    if (!query.context().resultAsArray()) {
      return QueryResult.Shape.GROUP_BY;
    }
    return query.granularity().isAll()
        ? QueryResult.Shape.GROUP_BY_ARRAY
        : QueryResult.Shape.GROUP_BY_ARRAY_WITH_TIME;
  }

  private List<ResultRow> matching(Filter having, List<ResultRow> rows) {
    RowMatcher matcher = new FilterCompiler(new GroupRows(rows, outputs), control).compile(having);
    List<ResultRow> kept = new ArrayList<>();
    boolean[] matched = new boolean[RowSet.BLOCK_ROWS];
    for (int from = 0; from < rows.size(); from += RowSet.BLOCK_ROWS) {
      control.check();
      int count = Math.min(RowSet.BLOCK_ROWS, rows.size() - from);
      matcher.match(from, count, false, matched);
      for (int i = 0; i < count; i++) {
        if (matched[i]) {
          kept.add(rows.get(from + i));
        }
      }
    }
    return kept;
  }

  private List<ResultRow> ordered(List<ResultRow> rows) {
    LimitSpec limits = query.limitSpec();
    Comparator<ResultRow> order = order();
    long end = limits.limit() == 0 ? Long.MAX_VALUE : (long) limits.offset() + limits.limit();
    ResultRow[] sorted =
        end < rows.size() / 4 ? smallest(rows, order, (int) end) : rows.toArray(ResultRow[]::new);
    control.check();
    Arrays.sort(sorted, order);
    int from = Math.min(limits.offset(), sorted.length);
    int to = (int) Math.min(end, sorted.length);
    return Arrays.asList(sorted).subList(from, to);
  }

  /** Only the rows that are given are sorted, which for a short limit is much cheaper. */
  private ResultRow[] smallest(List<ResultRow> rows, Comparator<ResultRow> order, int count) {
    PriorityQueue<ResultRow> heap = new PriorityQueue<>(order.reversed());
    int untilCheck = 0;
    for (ResultRow row : rows) {
      if (--untilCheck < 0) {
        control.check();
        untilCheck = 1024;
      }
      if (heap.size() < count) {
        heap.add(row);
      } else if (order.compare(row, heap.peek()) < 0) {
        heap.poll();
        heap.add(row);
      }
    }
    return heap.toArray(ResultRow[]::new);
  }

  private Comparator<ResultRow> order() {
    Comparator<ResultRow> time = Comparator.comparingLong(ResultRow::timeMillis);
    Comparator<ResultRow> columns =
        Comparator.comparing(ResultRow::values, query.limitSpec().comparator(outputs));
    Comparator<ResultRow> dimensions = this::compareDimensions;
    return query.context().sortByDimsFirst()
        ? columns.thenComparing(dimensions).thenComparing(time)
        : time.thenComparing(columns).thenComparing(dimensions);
  }

  private int compareDimensions(ResultRow left, ResultRow right) {
    int order = 0;
    for (int i = 0; order == 0 && i < query.dimensions().size(); i++) {
      order = ValueOrder.compareNaturally(left.values().get(i), right.values().get(i));
    }
    return order;
  }
}
