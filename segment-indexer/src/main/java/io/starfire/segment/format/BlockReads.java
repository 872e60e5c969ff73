package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.column.BlockSummaries;

/** Cuts a read of rows into reads of blocks. Stateless. */
final class BlockReads {
  /** Reads rows {@code [from, from + count)} of one block, into the output from {@code outAt}. */
  @FunctionalInterface
  interface BlockRead {
    void read(Block block, int from, int count, int outAt);
  }

  /** Adds up rows {@code [from, from + count)} of one block. */
  @FunctionalInterface
  interface BlockSum {
    long sum(Block block, int from, int count);
  }

  private BlockReads() {}

  static void read(
      Handle handle, BlockTable table, int rows, int from, int count, BlockRead reader) {
    check(table, rows, from, count);
    MappedFile file = handle.file();
    int done = 0;
    while (done < count) {
      int row = from + done;
      int index = row / SegmentFormat.BLOCK_ROWS;
      int at = row % SegmentFormat.BLOCK_ROWS;
      int length = Math.min(count - done, SegmentFormat.BLOCK_ROWS - at);
      reader.read(new Block(file, table.offset(index, file)), at, length, done);
      done += length;
    }
  }

  static void readNulls(
      Handle handle, BlockTable table, int rows, int from, int count, boolean[] out) {
    read(
        handle,
        table,
        rows,
        from,
        count,
        (block, at, length, outAt) -> block.readNulls(at, length, out, outAt));
  }

  /** Adds up rows {@code [from, to)}; of whole blocks the sum is known. */
  static long sum(
      Handle handle, ColumnDirectory column, int rows, int from, int to, BlockSum reader) {
    check(column.data, rows, from, to - from);
    MappedFile file = handle.file();
    BlockSummaries known = column.summaries;
    long sum = 0;
    int row = from;
    while (row < to) {
      int index = row / SegmentFormat.BLOCK_ROWS;
      int at = row % SegmentFormat.BLOCK_ROWS;
      int blockEnd = (int) Math.min(rows, (index + 1L) * SegmentFormat.BLOCK_ROWS);
      int end = Math.min(to, blockEnd);
      sum +=
          at == 0 && end == blockEnd && known.hasSums()
              ? known.sum(index)
              : reader.sum(new Block(file, column.data.offset(index, file)), at, end - row);
      row = end;
    }
    return sum;
  }

  private static void check(BlockTable table, int rows, int from, int count) {
    if (from < 0 || count < 0 || from > rows - count) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "rows [%d, %d) of column '%s' must be within [0, %d)"
              .formatted(from, (long) from + count, table.column(), rows));
    }
  }
}
