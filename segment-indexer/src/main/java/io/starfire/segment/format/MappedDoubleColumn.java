package io.starfire.segment.format;

import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.DoubleColumn;

/** A DOUBLE column of a segment file. Thread-safe. */
final class MappedDoubleColumn implements DoubleColumn {
  private final Handle handle;
  private final ColumnDirectory directory;
  private final int rows;

  MappedDoubleColumn(Handle handle, ColumnDirectory directory, int rows) {
    this.handle = handle;
    this.directory = directory;
    this.rows = rows;
  }

  @Override
  public boolean hasNulls() {
    return directory.hasNulls;
  }

  @Override
  public void read(int from, int count, double[] out) {
    MappedFile file = handle.file();
    BlockReads.read(
        handle,
        directory.data,
        rows,
        from,
        count,
        (block, at, length, outAt) -> DoubleBlocks.decode(block, at, length, out, outAt, file));
  }

  @Override
  public void readNulls(int from, int count, boolean[] out) {
    BlockReads.readNulls(handle, directory.data, rows, from, count, out);
  }

  @Override
  public BlockSummaries summaries() {
    return directory.summaries;
  }

  @Override
  public void readScaled(int from, int count, long[] out) {
    MappedFile file = handle.file();
    int scale = directory.summaries.scale();
    BlockReads.read(
        handle,
        directory.data,
        rows,
        from,
        count,
        (block, at, length, outAt) ->
            DoubleBlocks.decodeScaled(block, at, length, scale, out, outAt, file));
  }

  @Override
  public long sumScaled(int from, int to) {
    MappedFile file = handle.file();
    int scale = directory.summaries.scale();
    return BlockReads.sum(
        handle,
        directory,
        rows,
        from,
        to,
        (block, at, length) -> DoubleBlocks.sumScaled(block, at, length, scale, file));
  }
}
