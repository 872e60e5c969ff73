package io.starfire.serving.query.result;

import io.starfire.common.Interval;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.Aggregates;
import io.starfire.serving.query.exec.GroupKey;
import io.starfire.serving.query.exec.Partial;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.model.TopNQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the answer of a query from its merged groups. Not thread-safe. */
public final class ResultBuilder {
  private static final long BUCKET_BYTES = 100;

  private final QueryControl control;

  private ResultBuilder(QueryControl control) {
    this.control = control;
  }

  /** Makes the answer: fills empty buckets, orders and limits. */
  public static QueryResult finish(AggregateQuery query, Partial merged, QueryControl control) {
    return new ResultBuilder(control).build(query, merged);
  }

  private QueryResult build(AggregateQuery query, Partial partial) {
    if (query instanceof TimeseriesQuery timeseries) {
      return timeseries(timeseries, partial);
    }
    return query instanceof TopNQuery topN
        ? topN(topN, partial)
        : new GroupByBuilder((GroupByQuery) query, control).build(partial);
  }

  private QueryResult timeseries(TimeseriesQuery query, Partial partial) {
    Outputs outputs = new Outputs(query);
    String timeField = query.context().timestampResultField();
    Aggregates nothing = new Aggregates(query.aggregations().size());
    List<ResultRow> rows = new ArrayList<>();
    for (long time : bucketStarts(query, partial)) {
      Aggregates aggregates = partial.groups().getOrDefault(new GroupKey(time, List.of()), nothing);
      rows.add(row(time, values(query, outputs, aggregates), timeField));
    }
    rows.sort(
        query.descending()
            ? Comparator.comparing(ResultRow::timeMillis).reversed()
            : Comparator.comparing(ResultRow::timeMillis));
    if (query.limit() > 0 && query.limit() < rows.size()) {
      rows = new ArrayList<>(rows.subList(0, query.limit()));
    }
    if (query.context().grandTotal()) {
      rows.add(row(null, values(query, outputs, partial.total()), timeField));
    }
    List<String> names = new ArrayList<>(outputs.names());
    if (timeField != null) {
      names.add(timeField);
    }
    return new QueryResult(QueryResult.Shape.TIMESERIES, names, rows, query.granularity().zone());
  }

  private static List<Object> values(
      TimeseriesQuery query, Outputs outputs, Aggregates aggregates) {
    return outputs.values(List.of(), aggregates.values(query.aggregations()));
  }

  private static ResultRow row(
      @Nullable Long time, List<Object> values, @Nullable String timeField) {
    if (timeField == null) {
      return new ResultRow(time, values);
    }
    List<Object> withTime = new ArrayList<>(values);
    withTime.add(time);
    return new ResultRow(time, withTime);
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
      if (added % 1024 == 0) {
        control.check();
      }
      control.reserveForGroups(BUCKET_BYTES);
      starts.add(start);
      start = granularity.bucketEnd(start);
    }
  }

  private QueryResult topN(TopNQuery query, Partial partial) {
    Outputs outputs = new Outputs(query);
    List<ResultRow> rows = new TopNBuilder(query, outputs, control).build(partial);
    return new QueryResult(
        QueryResult.Shape.TOP_N, outputs.names(), rows, query.granularity().zone());
  }
}
