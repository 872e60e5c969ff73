package io.starfire.serving.query.filter;

import io.starfire.common.Interval;
import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.Filter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Chooses the rows of a row set that a query counts, a block at a time. Uses bitmap indexes for
 * what they can answer, and looks at the rows for the rest. Not thread-safe.
 */
public final class RowSelector {
  /** Rows {@code [from, to)}. */
  public record Range(int from, int to) {}

  private final RowSet rows;
  private final List<Interval> intervals;
  private final boolean checkTime;
  private final @Nullable RoaringBitmap index;
  private @Nullable PeekableIntIterator indexed;
  private int indexedFrom;
  private final @Nullable RowMatcher matcher;
  private int verdictBlock = -1;
  private RowMatcher.Verdict blockVerdict = RowMatcher.Verdict.SOME;
  private final boolean[] matched = new boolean[RowSet.BLOCK_ROWS];
  private final long[] times = new long[RowSet.BLOCK_ROWS];

  /**
   * @param filters of the row set that rows are chosen from
   * @param filter null for all rows
   * @param intervals in order, not overlapping
   */
  public RowSelector(FilterCompiler filters, @Nullable Filter filter, List<Interval> intervals) {
    this.rows = filters.rows();
    this.intervals = intervals;
    this.checkTime =
        !rows.sortedByTime()
            && intervals.stream().noneMatch(interval -> interval.contains(rows.timeRange()));
    RoaringBitmap all = null;
    List<RowMatcher> matchers = new ArrayList<>();
    FilterIndex filterIndex = new FilterIndex(filters);
    for (Filter part : parts(filter)) {
      RoaringBitmap found = filterIndex.match(part, false);
      if (found == null) {
        matchers.add(filters.compile(part));
      } else if (all == null) {
        all = found;
      } else {
        all.and(found);
      }
    }
    this.index = all;
    this.matcher = matchers.isEmpty() ? null : new RowMatchers.OfSeveral(matchers, true);
  }

  /** What must all be true; each part may be answered in its own way. */
  private static List<Filter> parts(@Nullable Filter filter) {
    if (filter == null) {
      return List.of();
    }
    return filter instanceof Filter.And and ? and.fields() : List.of(filter);
  }

  /** Where rows of the intervals can be; exactly, if the row set is sorted by time. */
  public List<Range> ranges() {
    if (!rows.sortedByTime()) {
      return List.of(new Range(0, rows.rowCount()));
    }
    List<Range> ranges = new ArrayList<>();
    for (Interval interval : intervals) {
      if (interval.overlaps(rows.timeRange())) {
        Range range =
            interval.contains(rows.timeRange())
                ? new Range(0, rows.rowCount())
                : new Range(
                    firstAtOrAfter(interval.startMillis()), firstAtOrAfter(interval.endMillis()));
        if (range.from < range.to) {
          ranges.add(range);
        }
      }
    }
    return ranges;
  }

  private int firstAtOrAfter(long millis) {
    LongColumn time = rows.time();
    int low = 0;
    int high = rows.rowCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      time.read(middle, 1, times);
      if (times[0] < millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Puts the chosen rows of {@code [from, from + count)} into {@code out}, relative to {@code
   * from}, in order; returns how many.
   */
  public int select(int from, int count, int[] out) {
    RowMatcher.Verdict verdict = matcher == null ? RowMatcher.Verdict.ALL : verdict(matcher, from);
    if (verdict == RowMatcher.Verdict.NONE) {
      return 0;
    }
    int chosen = index == null ? all(count, out) : fromIndex(index, from, count, out);
    if (chosen > 0 && matcher != null && verdict == RowMatcher.Verdict.SOME) {
      matcher.match(from, count, false, matched);
      chosen = keepMatched(out, chosen);
    }
    if (chosen > 0 && checkTime) {
      rows.time().read(from, count, times);
      chosen = keepInTime(out, chosen);
    }
    return chosen;
  }

  /** Of all rows of the stored block that a row is in. */
  private RowMatcher.Verdict verdict(RowMatcher whole, int row) {
    int block = row / BlockSummaries.ROWS;
    if (block != verdictBlock) {
      verdictBlock = block;
      blockVerdict = whole.verdict(block, false);
    }
    return blockVerdict;
  }

  /** Whether all rows of the ranges are chosen. */
  public boolean choosesAll() {
    return index == null && matcher == null && !checkTime;
  }

  private static int all(int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = i;
    }
    return count;
  }

  private int fromIndex(RoaringBitmap bitmap, int from, int count, int[] out) {
    int chosen = 0;
    PeekableIntIterator next = indexed;
    if (next == null || from < indexedFrom) {
      next = bitmap.getIntIterator();
      indexed = next;
    }
    indexedFrom = from;
    next.advanceIfNeeded(from);
    while (next.hasNext() && next.peekNext() < from + count) {
      out[chosen++] = next.next() - from;
    }
    return chosen;
  }

  private int keepMatched(int[] out, int chosen) {
    int kept = 0;
    for (int i = 0; i < chosen; i++) {
      int row = out[i];
      out[kept] = row;
      kept += matched[row] ? 1 : 0;
    }
    return kept;
  }

  private int keepInTime(int[] out, int chosen) {
    int kept = 0;
    for (int i = 0; i < chosen; i++) {
      int row = out[i];
      for (Interval interval : intervals) {
        if (interval.contains(times[row])) {
          out[kept++] = row;
          break;
        }
      }
    }
    return kept;
  }
}
