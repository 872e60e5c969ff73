package io.starfire.serving.query.exec;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.partial.NumberDictionary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The time buckets of one row set's rows, as ids in order of appearance. Neighbours are usually in
 * one bucket, so that the last one is tried first. Not thread-safe.
 */
final class TimeBuckets {
  private final QueryGranularity granularity;
  private final boolean all;
  private final RowSet rows;
  private final LongColumn time;
  private final boolean sorted;
  private final NumberDictionary ids = new NumberDictionary(ColumnType.LONG);
  private long[] times = {};
  private final @Nullable BlockSummaries summaries;
  private final int rowCount;

  /** The rows whose times were read for a range. */
  private int blockFrom;

  private int blockCount;
  private long startMillis;
  private long endMillis;
  private int current = -1;

  TimeBuckets(AggregateQuery query, RowSet rows) {
    this.granularity = query.granularity();
    this.all = granularity.isAll();
    this.rows = rows;
    this.time = rows.time();
    this.sorted = rows.sortedByTime();
    this.summaries = time.summaries();
    this.rowCount = rows.rowCount();
    if (all) {
      current = ids.add(query.intervals().get(0).startMillis());
    }
  }

  /**
   * How many buckets rows {@code [from, to)} may be in; {@link Integer#MAX_VALUE} if they may be in
   * more than {@code limit}.
   */
  int most(int from, int to, int limit) {
    if (all || from >= to) {
      return 1;
    }
    long first = sorted ? timeOf(from) : rows.timeRange().startMillis();
    long last = sorted ? timeOf(to - 1) : rows.timeRange().endMillis() - 1;
    int buckets = 0;
    long start = granularity.bucketStart(first);
    while (start <= last && buckets < limit) {
      buckets++;
      start = granularity.bucketEnd(start);
    }
    return start <= last ? Integer.MAX_VALUE : buckets;
  }

  private long timeOf(int row) {
    long[] time = new long[1];
    rows.time().read(row, 1, time);
    return time[0];
  }

  /** Reads rows {@code [from, from + count)}. */
  void read(int from, int count) {
    blockCount = 0;
    if (!all) {
      readTimes(from, count);
    }
  }

  /** The bucket of a row of the block, relative to its start. */
  int idOf(int row) {
    if (all) {
      return current;
    }
    long millis = times[row];
    if (current < 0 || millis < startMillis || millis >= endMillis) {
      startMillis = granularity.bucketStart(millis);
      endMillis = granularity.bucketEnd(startMillis);
      current = ids.add(startMillis);
    }
    return current;
  }

  /** The bucket of all of these rows, which are in order, or -1 if that is not known at once. */
  int idOfAll(int[] rows, int count) {
    if (all) {
      return current;
    }
    if (!sorted) {
      return -1;
    }
    int first = idOf(rows[0]);
    return times[rows[count - 1]] < endMillis ? first : -1;
  }

  /** Whether the rows of a bucket are neighbours. */
  boolean areRanges() {
    return all || sorted;
  }

  /** The bucket that was found last. */
  int current() {
    return current;
  }

  /** Finds the bucket of a row, and where it ends: the row after its last, at most {@code to}. */
  int endOfBucket(int row, int to) {
    if (all) {
      return to;
    }
    readBlockOf(row);
    int unused = idOf(row - blockFrom);
    int at = row;
    while (at < to) {
      int end = endOfKnownBlock(at);
      if (end < 0) {
        readBlockOf(at);
        end = blockFrom + blockCount;
        if (times[blockCount - 1] >= endMillis) {
          return Math.min(to, firstAtOrAfterEnd(at));
        }
      }
      at = end;
    }
    return to;
  }

  /** The end of a stored block that ends within the bucket, and is not read for it; or -1. */
  private int endOfKnownBlock(int row) {
    int block = row / BlockSummaries.ROWS;
    return summaries != null && summaries.largest(block) < endMillis
        ? (int) Math.min(rowCount, (block + 1L) * BlockSummaries.ROWS)
        : -1;
  }

  private void readBlockOf(int row) {
    int from = row / RowSet.BLOCK_ROWS * RowSet.BLOCK_ROWS;
    if (from != blockFrom || blockCount == 0) {
      blockFrom = from;
      blockCount = Math.min(RowSet.BLOCK_ROWS, rowCount - from);
      readTimes(blockFrom, blockCount);
    }
  }

  private void readTimes(int from, int count) {
    if (times.length == 0) {
      times = new long[RowSet.BLOCK_ROWS];
    }
    time.read(from, count, times);
  }

  private int firstAtOrAfterEnd(int row) {
    int low = row - blockFrom;
    int high = blockCount - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < endMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return blockFrom + low;
  }

  /** Sets {@code out[i]} to the bucket of {@code rows[i]}, relative to the block's start. */
  void readIds(int[] rows, int count, int[] out) {
    if (all) {
      Arrays.fill(out, 0, count, current);
      return;
    }
    for (int i = 0; i < count; i++) {
      out[i] = idOf(rows[i]);
    }
  }

  /** The buckets' timestamps, by id; for granularity all, the start of the first interval. */
  NumberDictionary millis() {
    return ids;
  }
}
