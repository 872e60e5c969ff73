package io.starfire.segment.column;

import io.starfire.common.Interval;
import java.util.List;

/**
 * A fixed number of rows in columns: a mapped segment, a persisted piece, or a consistent snapshot
 * of a live index. Rows are read a block at a time into the caller's arrays. Several threads may
 * read a column at once if each uses its own arrays.
 *
 * <p>Closing releases what the row set holds, such as a reference to the mapped file. Do not read
 * after that.
 */
public interface RowSet extends AutoCloseable {
  /** The largest number of rows in a block. Callers should make their arrays of this size. */
  int BLOCK_ROWS = 1024;

  int rowCount();

  /** The smallest interval known to hold every row's time; end exclusive. */
  Interval timeRange();

  /** Whether rows are sorted by time. Segments and persisted pieces are; live rows are not. */
  boolean sortedByTime();

  /** Names of all columns, {@code __time} first, then dimensions, then metrics. */
  List<String> columnNames();

  /** The time column, in milliseconds since the epoch; never null. */
  LongColumn time();

  /** The column of a name; null if there is none. {@code __time} is a LongColumn. */
  Column column(String name);

  @Override
  void close();
}
