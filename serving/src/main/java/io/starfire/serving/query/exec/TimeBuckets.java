package io.starfire.serving.query.exec;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.partial.NumberDictionary;
import java.util.Arrays;

/**
 * The time buckets of one row set's rows, as ids in order of appearance. Neighbours are usually in
 * one bucket, so that the last one is tried first. Not thread-safe.
 */
final class TimeBuckets {
  private final QueryGranularity granularity;
  private final boolean all;
  private final LongColumn time;
  private final boolean sorted;
  private final NumberDictionary ids = new NumberDictionary(ColumnType.LONG);
  private final long[] times = new long[RowSet.BLOCK_ROWS];
  private long startMillis;
  private long endMillis;
  private int current = -1;

  TimeBuckets(AggregateQuery query, RowSet rows) {
    this.granularity = query.granularity();
    this.all = granularity.isAll();
    this.time = rows.time();
    this.sorted = rows.sortedByTime();
    if (all) {
      current = ids.add(query.intervals().get(0).startMillis());
    }
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
