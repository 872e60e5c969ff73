package io.starfire.segment.format;

import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.LongColumn;

/** A LONG column of a segment file. Thread-safe. */
final class MappedLongColumn implements LongColumn {
  private final Handle handle;
  private final ColumnDirectory directory;
  private final int rows;

  MappedLongColumn(Handle handle, ColumnDirectory directory, int rows) {
    this.handle = handle;
    this.directory = directory;
    this.rows = rows;
  }

  @Override
  public boolean hasNulls() {
    return directory.hasNulls;
  }

  @Override
  public void read(int from, int count, long[] out) {
    BlockReads.read(
        handle,
        directory.data,
        rows,
        from,
        count,
        (block, at, length, outAt) ->
            LongEncoding.of(block.encoding).decode(block, at, length, out, outAt));
  }

  @Override
  public void readNulls(int from, int count, boolean[] out) {
    BlockReads.readNulls(handle, directory.data, rows, from, count, out);
  }

  @Override
  public long minValue() {
    return directory.min <= directory.max ? directory.min : Long.MIN_VALUE;
  }

  @Override
  public long maxValue() {
    return directory.min <= directory.max ? directory.max : Long.MAX_VALUE;
  }

  @Override
  public BlockSummaries summaries() {
    return directory.summaries;
  }

  @Override
  public long sum(int from, int to) {
    return BlockReads.sum(
        handle,
        directory,
        rows,
        from,
        to,
        (block, at, length) -> LongEncoding.of(block.encoding).sum(block, at, length));
  }
}
