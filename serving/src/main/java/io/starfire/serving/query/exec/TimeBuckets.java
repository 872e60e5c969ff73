package io.starfire.serving.query.exec;

import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryGranularity;

/**
 * The time buckets of one row set's rows, as ids in order of appearance. Neighbours are usually in
 * one bucket, so that the last one is tried first. Not thread-safe.
 */
final class TimeBuckets {
  private final QueryGranularity granularity;
  private final boolean all;
  private final long allStartMillis;
  private final LongColumn time;
  private final boolean sorted;
  private final DenseIds ids = new DenseIds();
  private final long[] times = new long[RowSet.BLOCK_ROWS];
  private long startMillis;
  private long endMillis;
  private int current = -1;

  TimeBuckets(AggregateQuery query, RowSet rows) {
    this.granularity = query.granularity();
    this.all = granularity.isAll();
    this.allStartMillis = query.intervals().get(0).startMillis();
    this.time = rows.time();
    this.sorted = rows.sortedByTime();
  }

  /** Reads rows {@code [from, from + count)}. */
  void read(int from, int count) {
    if (!all) {
      time.read(from, count, times);
    }
  }

  /** The bucket of a row of the block, relative to its start. */
  int idOf(int row) {
    if (all) {
      return 0;
    }
    long millis = times[row];
    if (current < 0 || millis < startMillis || millis >= endMillis) {
      startMillis = granularity.bucketStart(millis);
      endMillis = granularity.bucketEnd(startMillis);
      current = ids.idOf(startMillis);
    }
    return current;
  }

  /** The bucket of all of these rows, which are in order, or -1 if that is not known at once. */
  int idOfAll(int[] rows, int count) {
    if (all) {
      return 0;
    }
    if (!sorted) {
      return -1;
    }
    int first = idOf(rows[0]);
    return times[rows[count - 1]] < endMillis ? first : -1;
  }

  /** The bucket's timestamp; for granularity all, the start of the first interval. */
  long millisOf(int id) {
    return all ? allStartMillis : ids.key(id);
  }
}
