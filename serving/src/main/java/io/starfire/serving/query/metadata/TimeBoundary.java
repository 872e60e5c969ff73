package io.starfire.serving.query.metadata;

import io.starfire.common.Times;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.MetadataQuery;
import io.starfire.serving.query.model.TimeBoundaryQuery;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultRow;
import io.starfire.serving.query.scan.RowCursor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The times of the first and the last row that counts: of one source, or merged. Immutable.
 *
 * @param minMillis above {@code maxMillis} if there is no row
 */
public record TimeBoundary(long minMillis, long maxMillis) {
  private static final TimeBoundary NOTHING = new TimeBoundary(Long.MAX_VALUE, Long.MIN_VALUE);

  /** The boundary of one source; of one sorted by time, only the two ends are read. */
  public static TimeBoundary scan(MetadataQuery query, RowSource source, QueryControl control) {
    Filter filter = query instanceof TimeBoundaryQuery boundary ? boundary.filter() : null;
    RowCursor.Settings settings =
        new RowCursor.Settings(
            filter, query.intervals(), List.of(), query.virtualColumns(), control, (one, e) -> e);
    RowCursor forward = RowCursor.stored(source, settings, false);
    if (!forward.next()) {
      return NOTHING;
    }
    long min = forward.timeMillis();
    long max = min;
    if (source.rows().sortedByTime()) {
      RowCursor backward = RowCursor.stored(source, settings, true);
      if (backward.next()) {
        max = backward.timeMillis();
      }
    } else {
      while (forward.next()) {
        min = Math.min(min, forward.timeMillis());
        max = Math.max(max, forward.timeMillis());
      }
    }
    return new TimeBoundary(min, max);
  }

  /** Puts the boundaries of all sources together. */
  public static TimeBoundary merge(Collection<TimeBoundary> boundaries) {
    return boundaries.stream()
        .reduce(
            NOTHING,
            (left, right) ->
                new TimeBoundary(
                    Math.min(left.minMillis, right.minMillis),
                    Math.max(left.maxMillis, right.maxMillis)));
  }

  /** The answer to a timeBoundary or dataSourceMetadata query. */
  public QueryResult answer(MetadataQuery query) {
    Map<String, Long> times = new LinkedHashMap<>();
    if (query instanceof TimeBoundaryQuery boundary) {
      if (boundary.bound() != TimeBoundaryQuery.Bound.MAX_TIME) {
        times.put("minTime", minMillis);
      }
      if (boundary.bound() != TimeBoundaryQuery.Bound.MIN_TIME) {
        times.put("maxTime", maxMillis);
      }
    } else {
      times.put("maxIngestedEventTime", maxMillis);
    }
    List<String> names = new ArrayList<>(times.keySet());
    if (minMillis > maxMillis) {
      return new QueryResult(QueryResult.Shape.TIMESERIES, names, List.of());
    }
    List<Object> values = new ArrayList<>();
    times.values().forEach(millis -> values.add(Times.format(millis)));
    long timestamp = times.values().iterator().next();
    return new QueryResult(
        QueryResult.Shape.TIMESERIES, names, List.of(new ResultRow(timestamp, values)));
  }
}
