package io.starfire.serving.query.metadata;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.MetricSpec;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.SegmentMetadataQuery;
import io.starfire.serving.query.result.Answer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The description of one segment, of live rows, or of several merged. Immutable.
 *
 * @param id of the segment, or {@code merged}
 * @param intervals in order, not overlapping; null if not asked for
 * @param span from the first to the last interval, to know which is earliest
 * @param columns by name, {@code __time} first
 * @param aggregators by name, null where segments differ; null if not asked for, or unknown
 * @param queryGranularity null if not asked for, or if segments differ
 * @param size in bytes, as text; 0 if not asked for
 * @param numRows stored rows, after rollup
 * @param rollup null if not asked for, or if segments differ
 */
public record SegmentAnalysis(
    String id,
    @Nullable List<Interval> intervals,
    Interval span,
    Map<String, ColumnAnalysis> columns,
    @Nullable Map<String, MetricSpec> aggregators,
    @Nullable Granularity queryGranularity,
    long size,
    long numRows,
    @Nullable Boolean rollup) {

  /** The answer to the query: one description, or one for each, in the order of their ids. */
  public static Answer answer(SegmentMetadataQuery query, Collection<SegmentAnalysis> analyses) {
    List<SegmentAnalysis> ordered = new ArrayList<>(analyses);
    ordered.sort(Comparator.comparing(SegmentAnalysis::span).thenComparing(SegmentAnalysis::id));
    return new SegmentMetadataAnswer(
        query.merge() && !ordered.isEmpty() ? List.of(merge(query, ordered)) : ordered);
  }

  private static SegmentAnalysis merge(SegmentMetadataQuery query, List<SegmentAnalysis> ordered) {
    SegmentAnalysis first = ordered.get(0);
    List<Interval> intervals = new ArrayList<>();
    Map<String, ColumnAnalysis> columns = new LinkedHashMap<>();
    @Nullable Map<String, MetricSpec> aggregators = first.aggregators;
    Granularity granularity = first.queryGranularity;
    Boolean rollup = first.rollup;
    long size = 0;
    long rows = 0;
    for (SegmentAnalysis one : ordered) {
      if (one.intervals != null) {
        intervals.addAll(one.intervals);
      }
      one.columns.forEach((name, column) -> columns.merge(name, column, ColumnAnalysis::merge));
      aggregators = merge(query.aggregatorMerge(), aggregators, one.aggregators);
      granularity = Objects.equals(granularity, one.queryGranularity) ? granularity : null;
      rollup = Objects.equals(rollup, one.rollup) ? rollup : null;
      size += one.size;
      rows += one.numRows;
    }
    return new SegmentAnalysis(
        "merged",
        first.intervals == null ? null : QueryChecks.condense(intervals),
        first.span,
        columns,
        aggregators,
        granularity,
        size,
        rows,
        rollup);
  }

  /**
   * @param earlier null once two differed and all have to be equal
   */
  private static @Nullable Map<String, MetricSpec> merge(
      SegmentMetadataQuery.AggregatorMerge merge,
      @Nullable Map<String, MetricSpec> earlier,
      @Nullable Map<String, MetricSpec> later) {
    if (earlier == null || later == null) {
      return null;
    }
    if (merge == SegmentMetadataQuery.AggregatorMerge.STRICT) {
      return earlier.equals(later) ? earlier : null;
    }
    Map<String, MetricSpec> merged = new LinkedHashMap<>(earlier);
    later.forEach(
        (name, metric) -> {
          if (!merged.containsKey(name) || merge == SegmentMetadataQuery.AggregatorMerge.LATEST) {
            merged.put(name, metric);
          } else if (merge == SegmentMetadataQuery.AggregatorMerge.LENIENT
              && !metric.equals(merged.get(name))) {
            merged.put(name, null);
          }
        });
    return merged;
  }
}
