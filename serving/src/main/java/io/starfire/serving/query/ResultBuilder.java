package io.starfire.serving.query;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.Utf8Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the answer of a query from its merged groups. */
final class ResultBuilder {
  /** Buckets of one interval that are filled in, at most. */
  private static final int MAX_BUCKETS = 1_000_000;

  private static final long BUCKET_BYTES = 100;

  private final QueryControl control;

  ResultBuilder(QueryControl control) {
    this.control = control;
  }

  QueryResult build(AggregateQuery query, Partial partial) {
    if (query instanceof TimeseriesQuery timeseries) {
      return timeseries(timeseries, partial);
    }
    return query instanceof TopNQuery topN
        ? topN(topN, partial)
        : groupBy((GroupByQuery) query, partial);
  }

  private QueryResult timeseries(TimeseriesQuery query, Partial partial) {
    List<ResultRow> rows = new ArrayList<>();
    for (long time : bucketStarts(query, partial)) {
      Partial.Aggregates aggregates = partial.groups().get(new GroupKey(time, List.of()));
      rows.add(new ResultRow(time, values(query, aggregates)));
    }
    rows.sort(
        query.descending()
            ? Comparator.comparing(ResultRow::timeMillis).reversed()
            : Comparator.comparing(ResultRow::timeMillis));
    if (query.limit() > 0 && query.limit() < rows.size()) {
      rows = new ArrayList<>(rows.subList(0, query.limit()));
    }
    if (query.context().grandTotal()) {
      rows.add(new ResultRow(null, values(query, partial.total())));
    }
    return new QueryResult(QueryResult.Shape.TIMESERIES, names(query), rows);
  }

  private Set<Long> bucketStarts(TimeseriesQuery query, Partial partial) {
    Set<Long> starts = new LinkedHashSet<>();
    partial.groups().keySet().forEach(key -> starts.add(key.timeMillis()));
    if (query.context().skipEmptyBuckets() || query.granularity().isNone()) {
      return starts;
    }
    if (query.granularity().isAll()) {
      starts.add(query.intervals().get(0).startMillis());
      return starts;
    }
    for (Interval interval : query.intervals()) {
      addBuckets(query.granularity(), interval, starts);
    }
    return starts;
  }

  private void addBuckets(QueryGranularity granularity, Interval interval, Set<Long> starts) {
    long start = granularity.bucketStart(interval.startMillis());
    for (int added = 0; start < interval.endMillis(); added++) {
      if (added == MAX_BUCKETS) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "%s has more than %,d buckets of granularity %s; use a coarser one, a shorter interval, or context.skipEmptyBuckets"
                .formatted(interval, MAX_BUCKETS, granularity.text()));
      }
      if (added % 1024 == 0) {
        control.check();
        control.checkGroupBytes(BUCKET_BYTES * starts.size());
      }
      starts.add(start);
      start = granularity.bucketEnd(start);
    }
  }

  private QueryResult groupBy(GroupByQuery query, Partial partial) {
    List<Map.Entry<GroupKey, Partial.Aggregates>> groups =
        new ArrayList<>(partial.groups().entrySet());
    groups.sort(Map.Entry.comparingByKey(ResultBuilder::compareKeys));
    control.check();
    List<ResultRow> rows = new ArrayList<>(groups.size());
    for (Map.Entry<GroupKey, Partial.Aggregates> group : groups) {
      List<Object> values = new ArrayList<>(group.getKey().values());
      values.addAll(values(query, group.getValue()));
      rows.add(new ResultRow(group.getKey().timeMillis(), values));
    }
    return new QueryResult(QueryResult.Shape.GROUP_BY, names(query), rows);
  }

  private QueryResult topN(TopNQuery query, Partial partial) {
    List<String> names = names(query);
    List<ResultRow> rows =
        new TopNBuilder(query, names)
            .build(
                partial,
                (key, aggregates) -> {
                  List<Object> values = new ArrayList<>(key.values());
                  values.addAll(values(query, aggregates));
                  return values;
                },
                control);
    return new QueryResult(QueryResult.Shape.TOP_N, names, rows);
  }

  private static List<String> names(AggregateQuery query) {
    List<String> names = new ArrayList<>();
    query.dimensions().forEach(dimension -> names.add(dimension.outputName()));
    query.aggregations().forEach(aggregation -> names.add(aggregation.name()));
    return names;
  }

  /**
   * The values of the aggregates.
   *
   * @param aggregates null if there were no rows
   */
  private static List<Object> values(AggregateQuery query, Partial.Aggregates aggregates) {
    Object[] values = new Object[query.aggregations().size()];
    for (int i = 0; i < values.length; i++) {
      Aggregation.Kind kind = query.aggregations().get(i).kind();
      if (aggregates == null || !aggregates.isPresent(i)) {
        values[i] = kind == Aggregation.Kind.COUNT ? (Object) 0L : null;
      } else if (kind.type() == ColumnType.LONG) {
        values[i] = aggregates.bits(i);
      } else {
        values[i] = Double.longBitsToDouble(aggregates.bits(i));
      }
    }
    return Arrays.asList(values);
  }

  private static int compareKeys(GroupKey left, GroupKey right) {
    int order = Long.compare(left.timeMillis(), right.timeMillis());
    for (int i = 0; order == 0 && i < left.values().size(); i++) {
      order = compareValues(left.values().get(i), right.values().get(i));
    }
    return order;
  }

  /** Nulls first; the others are of one type, which is the dimension's output type. */
  private static int compareValues(Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    if (left instanceof String text) {
      return Utf8Order.compare(text, (String) right);
    }
    return left instanceof Long number
        ? Long.compare(number, (Long) right)
        : Double.compare((Double) left, (Double) right);
  }
}
