package io.starfire.segment.format;

import io.starfire.segment.column.BytesColumn;

/** A column of bytes of a segment file. Thread-safe. */
final class MappedBytesColumn implements BytesColumn {
  private final Handle handle;
  private final ColumnDirectory directory;
  private final int rows;
  private final String typeName;

  MappedBytesColumn(Handle handle, ColumnDirectory directory, int rows, String typeName) {
    this.handle = handle;
    this.directory = directory;
    this.rows = rows;
    this.typeName = typeName;
  }

  @Override
  public String typeName() {
    return typeName;
  }

  @Override
  public boolean hasNulls() {
    return directory.hasNulls;
  }

  @Override
  public void read(int from, int count, byte[][] out) {
    MappedFile file = handle.file();
    BlockReads.read(
        handle,
        directory.data,
        rows,
        from,
        count,
        (block, at, length, outAt) -> ByteBlocks.decode(file, block, at, length, out, outAt));
  }
}
