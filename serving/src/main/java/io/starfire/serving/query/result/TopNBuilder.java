package io.starfire.serving.query.result;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.Aggregates;
import io.starfire.serving.query.exec.GroupKey;
import io.starfire.serving.query.exec.Partial;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.model.TopNMetric;
import io.starfire.serving.query.model.TopNQuery;
import io.starfire.serving.query.model.ValueOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Picks the first few groups of each time bucket. Holds no more than the threshold of each, in a
 * heap whose top is the worst; the heap grows with what there is, not with what is asked for. Not
 * thread-safe.
 */
final class TopNBuilder {
  private final TopNQuery query;
  private final Outputs outputs;
  private final Comparator<Candidate> bestFirst;
  private final int metricIndex;
  private final QueryControl control;

  /** A group, and what it is ranked by. */
  private record Candidate(Object metric, List<Object> values) {
    Object dimension() {
      return values.get(0);
    }
  }

  TopNBuilder(TopNQuery query, Outputs outputs, QueryControl control) {
    this.query = query;
    this.outputs = outputs;
    this.control = control;
    if (query.metric() instanceof TopNMetric.Numeric numeric) {
      this.metricIndex = outputs.position(numeric.name());
      this.bestFirst = byMetric(outputs.order(numeric.name()), numeric.inverted());
    } else {
      this.metricIndex = 0;
      this.bestFirst = byDimension((TopNMetric.ByDimension) query.metric());
    }
  }

  /** Nulls last, whichever way; ties by the dimension's value. */
  private static Comparator<Candidate> byMetric(Comparator<Object> order, boolean inverted) {
    return Comparator.comparing(
            Candidate::metric, Comparator.nullsLast(inverted ? order : order.reversed()))
        .thenComparing(Candidate::dimension, ValueOrder::compareNaturally);
  }

  private static Comparator<Candidate> byDimension(TopNMetric.ByDimension metric) {
    Comparator<Object> order = metric.order().comparator();
    return Comparator.comparing(Candidate::dimension, metric.inverted() ? order.reversed() : order);
  }

  /** The rows of the answer, by time, then by rank. */
  List<ResultRow> build(Partial partial) {
    Map<Long, PriorityQueue<Candidate>> buckets = new TreeMap<>();
    int untilCheck = 0;
    for (Map.Entry<GroupKey, Aggregates> group : partial.groups().entrySet()) {
      if (--untilCheck < 0) {
        control.check();
        untilCheck = 1000;
      }
      if (isAfterStop(group.getKey().values().get(0))) {
        List<Object> values =
            outputs.values(group.getKey().values(), group.getValue().values(query.aggregations()));
        offer(
            buckets.computeIfAbsent(
                group.getKey().timeMillis(), time -> new PriorityQueue<>(bestFirst.reversed())),
            new Candidate(values.get(metricIndex), values));
      }
    }
    List<ResultRow> rows = new ArrayList<>();
    buckets.forEach(
        (time, heap) ->
            heap.stream()
                .sorted(bestFirst)
                .forEach(candidate -> rows.add(new ResultRow(time, candidate.values))));
    return rows;
  }

  private boolean isAfterStop(Object value) {
    if (!(query.metric() instanceof TopNMetric.ByDimension metric)
        || metric.previousStop() == null) {
      return true;
    }
    int order = metric.order().compare(value, metric.previousStop());
    return metric.inverted() ? order < 0 : order > 0;
  }

  private void offer(PriorityQueue<Candidate> heap, Candidate candidate) {
    if (heap.size() < query.threshold()) {
      control.reserveForGroups(ResultRow.bytes(candidate.values.size()));
      heap.add(candidate);
    } else if (bestFirst.compare(candidate, heap.peek()) < 0) {
      heap.poll();
      heap.add(candidate);
    }
  }
}
