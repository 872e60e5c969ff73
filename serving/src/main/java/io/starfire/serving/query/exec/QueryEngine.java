package io.starfire.serving.query.exec;

import io.starfire.common.Interval;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.compute.DerivedRows;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowSelector;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialMerger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Runs queries that aggregate: scans each row set, and merges what the scans gave. Scans are
 * independent of each other and may run on other threads and servers. Stateless, so thread-safe;
 * one row set may be scanned by several threads.
 *
 * <p>Rows are read a block at a time into primitive arrays. Before each block the {@link
 * QueryControl} is asked whether the query may go on.
 */
public final class QueryEngine {
  private QueryEngine() {}

  /**
   * Aggregates the rows whose time lies in one of the query's intervals and in {@code clip}.
   *
   * @param clip where this row set is visible
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if a column's type does not fit
   *     the query; with TIMEOUT, CANCELED or CAPACITY_EXCEEDED as the control says
   */
  public static Partial scan(
      AggregateQuery query, RowSet rows, Interval clip, QueryControl control) {
    return scan(query, rows, List.of(clip), control);
  }

  /** As the other, for a row set that is visible in several parts, in order, not overlapping. */
  public static Partial scan(
      AggregateQuery query, RowSet rows, List<Interval> clips, QueryControl control) {
    RowSelector.Range all = new RowSelector.Range(0, rows.rowCount());
    return scan(query, rows, clips, all, ScanShare.ofNothing(), control);
  }

  /**
   * As the other, over some of the rows, so that several threads can share a row set.
   *
   * @param part of which only the rows count
   * @param shared by the parts of the row set
   */
  public static Partial scan(
      AggregateQuery query,
      RowSet rows,
      List<Interval> clips,
      RowSelector.Range part,
      ScanShare shared,
      QueryControl control) {
    try (DerivedRows derived = new DerivedRows(rows, query.virtualColumns(), control)) {
      return scan(query, derived, clips, part, shared, control);
    }
  }

  private static Partial scan(
      AggregateQuery query,
      DerivedRows rows,
      List<Interval> clips,
      RowSelector.Range part,
      ScanShare shared,
      QueryControl control) {
    control.check();
    FilterCompiler filters = new FilterCompiler(rows, shared.rows(), control);
    Grouper grouper = new Grouper(query, rows, shared.keys(), filters, control);
    List<Interval> intervals = clip(query.intervals(), clips);
    if (intervals.stream().noneMatch(rows.timeRange()::overlaps)) {
      return grouper.finish();
    }
    RowSelector selector = new RowSelector(filters, query.filter(), intervals);
    List<RowSelector.Range> ranges = selector.ranges(part);
    grouper.prepare(ranges, selector.mostChosen(ranges));
    boolean wholeRanges = selector.choosesAll() && grouper.takesRanges();
    long matched = 0;
    for (RowSelector.Range range : ranges) {
      if (wholeRanges) {
        grouper.addRange(range.from(), range.to());
        matched += range.rows();
      } else {
        matched += addChosen(range, selector, grouper, control);
      }
    }
    Partial partial = grouper.finish();
    partial.countRows(ranges.stream().mapToLong(RowSelector.Range::rows).sum(), matched);
    return partial;
  }

  /** Returns how many rows were chosen. */
  private static long addChosen(
      RowSelector.Range range, RowSelector selector, Grouper grouper, QueryControl control) {
    int[] chosen = new int[RowSet.BLOCK_ROWS];
    long matched = 0;
    int from = range.from();
    while (from < range.to()) {
      control.check();
      // Up to the next multiple, so that a block of the row set is decoded once.
      int count = Math.min(range.to(), (from / RowSet.BLOCK_ROWS + 1) * RowSet.BLOCK_ROWS) - from;
      int chosenCount = selector.select(from, count, chosen);
      if (chosenCount > 0) {
        grouper.add(from, count, chosen, chosenCount);
      }
      matched += chosenCount;
      from += count;
    }
    return matched;
  }

  /** Puts partial results of one query together; they stay as they are. */
  public static Partial merge(
      AggregateQuery query, Collection<Partial> partials, QueryControl control) {
    PartialMerger merger = new PartialMerger(query, control);
    partials.forEach(merger::addCopy);
    return merger.merged();
  }

  /** As the other. */
  public static Partial merge(AggregateQuery query, QueryControl control, Partial... partials) {
    return merge(query, Arrays.asList(partials), control);
  }

  /** What the two have in common, in order. */
  public static List<Interval> clip(List<Interval> intervals, List<Interval> clips) {
    List<Interval> parts = new ArrayList<>();
    for (Interval interval : intervals) {
      for (Interval clip : clips) {
        Interval part = interval.intersect(clip);
        if (!part.isEmpty()) {
          parts.add(part);
        }
      }
    }
    return parts;
  }
}
