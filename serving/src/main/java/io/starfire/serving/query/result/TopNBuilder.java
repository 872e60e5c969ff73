package io.starfire.serving.query.result;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.model.TopNMetric;
import io.starfire.serving.query.model.TopNQuery;
import io.starfire.serving.query.partial.Partial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Picks the first few groups of each time bucket. Holds no more than the threshold of each, as
 * numbers. Not thread-safe.
 */
final class TopNBuilder {
  private static final int GROUPS_BETWEEN_CHECKS = 1024;

  private final TopNQuery query;
  private final GroupOutputs groups;
  private final Outputs outputs;
  private final IntComparator bestFirst;
  private final QueryControl control;

  TopNBuilder(TopNQuery query, Partial partial, QueryControl control) {
    this.query = query;
    this.groups = new GroupOutputs(query, partial, control);
    this.outputs = groups.outputs();
    this.bestFirst = GroupOrder.of(query, groups);
    this.control = control;
  }

  QueryResult build() {
    return new QueryResult(
        QueryResult.Shape.TOP_N, outputs.names(), rows(), query.granularity().zone());
  }

  /** The groups that may come into the answer, whatever other groups there are besides these. */
  int[] best() {
    return heaps().values().stream()
        .flatMapToInt(best -> Arrays.stream(best.sorted(control)))
        .toArray();
  }

  /** The rows of the answer, by time, then by rank. */
  private List<ResultRow> rows() {
    List<ResultRow> rows = new ArrayList<>();
    heaps()
        .forEach(
            (time, best) -> {
              for (int group : best.sorted(control)) {
                rows.add(new ResultRow(time, groups.values(group)));
              }
            });
    return rows;
  }

  /** The best groups of each time bucket, by time. */
  private Map<Long, IntHeap> heaps() {
    Map<Long, IntHeap> buckets = new TreeMap<>();
    IntHeap heap = null;
    long heapMillis = 0;
    long rowBytes = ResultRow.bytes(outputs.names().size());
    for (int group = 0; group < groups.size(); group++) {
      if (group % GROUPS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      if (!isAfterStop(group)) {
        continue;
      }
      groups.check(group);
      long millis = groups.timeMillis(group);
      if (heap == null || millis != heapMillis) {
        heap = buckets.computeIfAbsent(millis, time -> new IntHeap(bestFirst, query.threshold()));
        heapMillis = millis;
      }
      if (heap.hasRoom()) {
        control.reserveForGroups(rowBytes);
      }
      heap.offer(group);
    }
    return buckets;
  }

  private boolean isAfterStop(int group) {
    if (!(query.metric() instanceof TopNMetric.ByDimension metric)
        || metric.previousStop() == null) {
      return true;
    }
    int order = metric.order().compare(groups.column(0).value(group), metric.previousStop());
    return metric.inverted() ? order < 0 : order > 0;
  }
}
