package io.starfire.serving.query.scan;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.filter.RowSelector;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a live row set in the order of their times. Which rows count is found out first, and
 * their numbers are sorted; the rows themselves are read one by one. Not thread-safe.
 */
final class TimeOrderCursor extends RowCursor {
  /** A row's time and its place in the order, and what sorting them takes. */
  private static final long BYTES_PER_ROW = 4 * Long.BYTES;

  private final boolean descending;

  /** The rank of the time in the upper half, the number of the row in the lower. */
  private long[] order = new long[0];

  private boolean isSorted;

  private long[] sortedTimes = new long[0];
  private int at;

  TimeOrderCursor(RowSource source, Settings settings, boolean descending) {
    super(source, settings);
    this.descending = descending;
  }

  @Override
  boolean advance() {
    if (!isSorted) {
      sort();
      isSorted = true;
      at = descending ? order.length : -1;
    }
    at += descending ? -1 : 1;
    return at >= 0 && at < order.length;
  }

  private void sort() {
    RowSet rows = source().rows();
    RowSelector selector = selector();
    int[] chosen = new int[RowSet.BLOCK_ROWS];
    long[] blockTimes = new long[RowSet.BLOCK_ROWS];
    int[] numbers = new int[RowSet.BLOCK_ROWS];
    long[] times = new long[RowSet.BLOCK_ROWS];
    int size = 0;
    for (int from = 0; from < rows.rowCount(); from += RowSet.BLOCK_ROWS) {
      control().check();
      int count = Math.min(RowSet.BLOCK_ROWS, rows.rowCount() - from);
      int chosenCount = selector.select(from, count, chosen);
      if (size + chosenCount > times.length) {
        int capacity = Math.max(size + chosenCount, times.length * 2);
        control().reserveForRows((capacity - numbers.length) * BYTES_PER_ROW);
        numbers = Arrays.copyOf(numbers, capacity);
        times = Arrays.copyOf(times, capacity);
      }
      rows.time().read(from, count, blockTimes);
      for (int i = 0; i < chosenCount; i++) {
        numbers[size] = from + chosen[i];
        times[size] = blockTimes[chosen[i]];
        size++;
      }
    }
    sort(numbers, Arrays.copyOf(times, size));
    control().release((numbers.length - RowSet.BLOCK_ROWS) * BYTES_PER_ROW);
  }

  private void sort(int[] numbers, long[] times) {
    sortedTimes = times.clone();
    Arrays.sort(sortedTimes);
    order = new long[times.length];
    for (int i = 0; i < times.length; i++) {
      long rank = Arrays.binarySearch(sortedTimes, times[i]);
      order[i] = rank << Integer.SIZE | numbers[i];
    }
    Arrays.sort(order);
  }

  private int row() {
    return (int) order[at];
  }

  @Override
  public long timeMillis() {
    return sortedTimes[at];
  }

  @Override
  void write(ColumnWriter writer, JsonGenerator json) throws IOException {
    writer.write(json, row(), 1, 0);
  }

  @Override
  @Nullable Object value(ColumnWriter writer) {
    return writer.value(row(), 1, 0);
  }

  @Override
  long bytes() {
    return super.bytes() + order.length * 2L * Long.BYTES;
  }

  @Override
  long rowsScanned() {
    return source().rows().rowCount();
  }
}
