package io.starfire.serving.query.result;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowMatcher;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.LimitSpec;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.partial.Partial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the answer of a groupBy from its merged groups: having, order, offset and limit. Groups are
 * numbers until they are shown.
 */
final class GroupByBuilder {
  private static final int GROUPS_BETWEEN_CHECKS = 1024;

  private final GroupByQuery query;
  private final GroupOutputs groups;
  private final Outputs outputs;
  private final QueryControl control;

  GroupByBuilder(GroupByQuery query, Partial partial, QueryControl control) {
    this.query = query;
    // As in SQL and Druid, a total over nothing is a row: of counts that are 0, and of nulls.
    boolean isTotal = query.dimensions().isEmpty() && query.granularity().isAll();
    Partial shown =
        partial.groupCount() == 0 && isTotal
            ? Partial.ofNothing(query, query.intervals().get(0).startMillis(), control)
            : partial;
    this.groups = new GroupOutputs(query, shown, control);
    this.outputs = groups.outputs();
    this.control = control;
  }

  QueryResult build() {
    int[] shown = ordered(chosen());
    int from = Math.min(query.limitSpec().offset(), shown.length);
    List<ResultRow> rows = rows(Arrays.copyOfRange(shown, from, shown.length));
    return new QueryResult(shape(), outputs.names(), rows, query.granularity().zone());
  }

  /**
   * The groups that may come into the answer, whatever other groups there are besides these; null
   * for all.
   */
  int @Nullable [] best() {
    if (query.limitSpec().limit() == 0) {
      return query.having() == null ? null : chosen();
    }
    return ordered(chosen());
  }

  private QueryResult.Shape shape() {
    if (!query.context().resultAsArray()) {
      return QueryResult.Shape.GROUP_BY;
    }
    return query.granularity().isAll()
        ? QueryResult.Shape.GROUP_BY_ARRAY
        : QueryResult.Shape.GROUP_BY_ARRAY_WITH_TIME;
  }

  /** Those that the having leaves. */
  private int[] chosen() {
    // The numbers of the groups, and a copy of them while they are ordered.
    control.reserveForGroups(2L * Integer.BYTES * groups.size());
    for (int group = 0; group < groups.size(); group++) {
      if (group % GROUPS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      groups.check(group);
    }
    int[] chosen = new int[groups.size()];
    Filter having = query.having();
    if (having == null) {
      Arrays.setAll(chosen, group -> group);
      return chosen;
    }
    RowMatcher matcher = new FilterCompiler(new GroupRows(groups), control).compile(having);
    boolean[] matched = new boolean[RowSet.BLOCK_ROWS];
    int kept = 0;
    for (int from = 0; from < groups.size(); from += RowSet.BLOCK_ROWS) {
      control.check();
      int count = Math.min(RowSet.BLOCK_ROWS, groups.size() - from);
      matcher.match(from, count, false, matched);
      for (int i = 0; i < count; i++) {
        chosen[kept] = from + i;
        kept += matched[i] ? 1 : 0;
      }
    }
    return Arrays.copyOf(chosen, kept);
  }

  /** Those up to the limit, in order; those before the offset too. */
  private int[] ordered(int[] chosen) {
    LimitSpec limits = query.limitSpec();
    IntComparator order = GroupOrder.of(query, groups);
    long end = limits.limit() == 0 ? Long.MAX_VALUE : (long) limits.offset() + limits.limit();
    int[] sorted = chosen;
    if (end < chosen.length / 4) {
      sorted = smallest(chosen, order, (int) end);
    } else {
      IntSort.sort(sorted, order, control);
    }
    return Arrays.copyOf(sorted, (int) Math.min(end, sorted.length));
  }

  /** Only the groups that are given are sorted, which for a short limit is much cheaper. */
  private int[] smallest(int[] chosen, IntComparator order, int count) {
    IntHeap heap = new IntHeap(order, count);
    for (int i = 0; i < chosen.length; i++) {
      if (i % GROUPS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      heap.offer(chosen[i]);
    }
    return heap.sorted(control);
  }

  private List<ResultRow> rows(int[] shown) {
    control.reserveForGroups(shown.length * ResultRow.bytes(outputs.names().size()));
    List<ResultRow> rows = new ArrayList<>(shown.length);
    for (int group : shown) {
      if (rows.size() % GROUPS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      rows.add(new ResultRow(groups.timeMillis(group), groups.values(group)));
    }
    return rows;
  }
}
