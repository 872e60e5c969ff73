package io.starfire.serving.query.result;

import io.starfire.common.Interval;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.model.TopNQuery;
import io.starfire.serving.query.partial.Partial;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * Of groups over all rows, those that may come into the answer, whatever other groups there are.
   *
   * @param groups which are given up if there are others
   */
  public static Partial best(AggregateQuery query, Partial groups, QueryControl control) {
    if (groups.groupCount() == 0) {
      return groups;
    }
    // What is taken to find them is given back.
    QueryControl part = control.part();
    int[] best = null;
    if (query instanceof TopNQuery topN) {
      best = new TopNBuilder(topN, groups, part).best();
    } else if (query instanceof GroupByQuery groupBy) {
      best = new GroupByBuilder(groupBy, groups, part).best();
    }
    part.releaseAll();
    return best == null || best.length == groups.groupCount()
        ? groups
        : groups.select(query, best, control);
  }

  /**
   * The same of a timeseries of which rows may be only in a part of its intervals.
   *
   * @param shown in which empty buckets are filled in, in order, not overlapping
   */
  public static QueryResult finish(
      TimeseriesQuery query, List<Interval> shown, Partial merged, QueryControl control) {
    return new ResultBuilder(control).timeseries(query, shown, merged);
  }

  private QueryResult build(AggregateQuery query, Partial partial) {
    if (query instanceof TimeseriesQuery timeseries) {
      return timeseries(timeseries, timeseries.intervals(), partial);
    }
    return query instanceof TopNQuery topN
        ? new TopNBuilder(topN, partial, control).build()
        : new GroupByBuilder((GroupByQuery) query, partial, control).build();
  }

  private QueryResult timeseries(TimeseriesQuery query, List<Interval> shown, Partial partial) {
    String timeField = query.context().timestampResultField();
    GroupOutputs groups = new GroupOutputs(query, partial, control);
    for (int group = 0; group < groups.size(); group++) {
      if (group % 1024 == 0) {
        control.check();
      }
      groups.check(group);
    }
    List<ResultRow> rows = new ArrayList<>();
    Buckets buckets = new Buckets(groups);
    if (!query.context().skipEmptyBuckets() && !query.granularity().isNone()) {
      query.checkBuckets(shown);
      addBuckets(query, shown, buckets);
    }
    List<Object> nothing = firstOf(query, Partial.ofNothing(query, 0, control));
    long[] starts = buckets.starts();
    int count = query.limit() > 0 ? Math.min(query.limit(), starts.length) : starts.length;
    for (int i = 0; i < count; i++) {
      if (i % 1024 == 0) {
        control.check();
      }
      long start = starts[query.descending() ? starts.length - 1 - i : i];
      int group = buckets.groupOf(start);
      rows.add(row(start, group < 0 ? nothing : groups.values(group), timeField));
    }
    if (query.context().grandTotal()) {
      rows.add(row(null, firstOf(query, partial.total(query, 0, control)), timeField));
    }
    List<String> names = new ArrayList<>(groups.outputs().names());
    if (timeField != null) {
      names.add(timeField);
    }
    return new QueryResult(QueryResult.Shape.TIMESERIES, names, rows, query.granularity().zone());
  }

  private List<Object> firstOf(TimeseriesQuery query, Partial partial) {
    return new GroupOutputs(query, partial, control).values(0);
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

  /** Those of the intervals that are shown, whether rows are in them or not. */
  private void addBuckets(TimeseriesQuery query, List<Interval> shown, Buckets buckets) {
    QueryGranularity granularity = query.granularity();
    if (granularity.isAll()) {
      buckets.add(query.intervals().get(0).startMillis());
      return;
    }
    int untilCheck = 0;
    for (Interval interval : shown) {
      long start = granularity.bucketStart(interval.startMillis());
      while (start < interval.endMillis()) {
        if (--untilCheck < 0) {
          control.check();
          untilCheck = 1024;
        }
        control.reserveForGroups(BUCKET_BYTES);
        buckets.add(start);
        start = granularity.bucketEnd(start);
      }
    }
  }
}
