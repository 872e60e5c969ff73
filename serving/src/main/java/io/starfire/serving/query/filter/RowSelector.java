package io.starfire.serving.query.filter;

import io.starfire.common.Interval;
import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BatchIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Chooses the rows of a row set that a query counts, a block at a time. Uses bitmap indexes for
 * what they can answer, and looks at the rows for the rest. Not thread-safe.
 */
public final class RowSelector {
  /** Rows {@code [from, to)}. */
  public record Range(int from, int to) {
    public int rows() {
      return to - from;
    }
  }

  private final RowSet rows;
  private final List<Interval> intervals;
  private final boolean checkTime;
  private final List<Range> ranges;
  private final @Nullable RoaringBitmap index;

  /** Rows of the index from {@link #nextIndexed} on, of which those before are passed. */
  private int[] indexed = {};

  private @Nullable BatchIterator iterator;
  private int indexedCount;
  private int nextIndexed;
  private int indexedFrom;
  private final @Nullable RowMatcher matcher;
  private int verdictBlock = -1;
  private RowMatcher.Verdict blockVerdict = RowMatcher.Verdict.SOME;
  private final boolean[] matched;
  private long[] times = {};

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
    this.ranges = findRanges();
    Selection selection = filters.selection(filter, ranges.stream().mapToLong(Range::rows).sum());
    this.index = selection.rows();
    this.matcher =
        selection.further().isEmpty()
            ? null
            : new RowMatchers.OfSeveral(
                selection.further().stream().map(filters::compile).toList(), true);
    this.matched = new boolean[matcher == null ? 0 : RowSet.BLOCK_ROWS];
  }

  /** Where rows of the intervals can be; exactly, if the row set is sorted by time. */
  public List<Range> ranges() {
    return ranges;
  }

  private List<Range> findRanges() {
    if (!rows.sortedByTime()) {
      return List.of(new Range(0, rows.rowCount()));
    }
    List<Range> found = new ArrayList<>();
    for (Interval interval : intervals) {
      if (interval.overlaps(rows.timeRange())) {
        Range range =
            interval.contains(rows.timeRange())
                ? new Range(0, rows.rowCount())
                : new Range(
                    firstAtOrAfter(interval.startMillis()), firstAtOrAfter(interval.endMillis()));
        if (range.from < range.to) {
          found.add(range);
        }
      }
    }
    return found;
  }

  /** As the other, of those rows only that are in a part. */
  public List<Range> ranges(Range part) {
    return ranges.stream()
        .map(range -> new Range(Math.max(range.from, part.from), Math.min(range.to, part.to)))
        .filter(range -> range.from < range.to)
        .toList();
  }

  /** How many rows of some ranges are chosen at most, as far as indexes tell. */
  public long mostChosen(List<Range> ranges) {
    long rows = 0;
    for (Range range : ranges) {
      rows += index == null ? range.rows() : index.rangeCardinality(range.from, range.to);
    }
    return rows;
  }

  private int firstAtOrAfter(long millis) {
    LongColumn time = rows.time();
    BlockSummaries known = time.summaries();
    return known == null
        ? firstAtOrAfter(millis, row -> timeOf(time, row), 0, rows.rowCount())
        : firstAtOrAfter(millis, known);
  }

  /** The blocks tell in which of them it is, and only that one is read. */
  private int firstAtOrAfter(long millis, BlockSummaries known) {
    int rowCount = rows.rowCount();
    int blocks = (rowCount + BlockSummaries.ROWS - 1) / BlockSummaries.ROWS;
    int block = firstAtOrAfter(millis, known::largest, 0, blocks);
    if (block == blocks) {
      return rowCount;
    }
    int from = block * BlockSummaries.ROWS;
    long[] ofBlock = new long[Math.min(BlockSummaries.ROWS, rowCount - from)];
    rows.time().read(from, ofBlock.length, ofBlock);
    return from + firstAtOrAfter(millis, row -> ofBlock[row], 0, ofBlock.length);
  }

  private static long timeOf(LongColumn time, int row) {
    long[] one = new long[1];
    time.read(row, 1, one);
    return one[0];
  }

  /** The first number from which on times are not below one; {@code to} if there is none. */
  private static int firstAtOrAfter(long millis, IntToLongFunction time, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (time.applyAsLong(middle) < millis) {
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
      times = times.length == 0 ? new long[RowSet.BLOCK_ROWS] : times;
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
    BatchIterator next = iterator;
    if (next == null || from < indexedFrom) {
      next = bitmap.getBatchIterator();
      iterator = next;
      indexed = indexed.length == 0 ? new int[RowSet.BLOCK_ROWS] : indexed;
      indexedCount = 0;
      nextIndexed = 0;
    }
    indexedFrom = from;
    passTo(next, from);
    int end = from + count;
    int chosen = 0;
    while (nextIndexed < indexedCount) {
      int stop = nextIndexed;
      while (stop < indexedCount && indexed[stop] < end) {
        out[chosen++] = indexed[stop++] - from;
      }
      nextIndexed = stop;
      if (stop < indexedCount) {
        break;
      }
      fill(next);
    }
    return chosen;
  }

  /** Passes the rows before one. */
  private void passTo(BatchIterator next, int row) {
    if (nextIndexed < indexedCount && indexed[indexedCount - 1] >= row) {
      while (indexed[nextIndexed] < row) {
        nextIndexed++;
      }
      return;
    }
    next.advanceIfNeeded(row);
    fill(next);
    while (nextIndexed < indexedCount && indexed[nextIndexed] < row) {
      nextIndexed++;
    }
  }

  private void fill(BatchIterator next) {
    nextIndexed = 0;
    indexedCount = next.hasNext() ? next.nextBatch(indexed) : 0;
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
