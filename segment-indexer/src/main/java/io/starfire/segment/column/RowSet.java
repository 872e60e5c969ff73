package io.starfire.segment.column;

import io.starfire.common.Interval;
import java.util.List;

/**
 * A fixed number of rows in columns: a mapped segment, a persisted piece, or a consistent snapshot
 * of a live index. Read a block at a time into the caller's arrays. Columns and their cursors may
 * be read by several threads at once, as long as each brings its own arrays.
 *
 * <p>Closing releases what the snapshot holds (a lock, a reference on the mapped file); reading
 * after that is an error.
 */
public interface RowSet extends AutoCloseable {
  /** Rows in a block, at most; what callers should size their arrays for. */
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

  /** The column of that name, or null if there is none. {@code __time} is a LongColumn. */
  Column column(String name);

  @Override
  void close();
}
