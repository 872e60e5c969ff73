package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Utf8Order;
import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.column.ValueCursor;
import java.util.BitSet;
import org.roaringbitmap.ImmutableBitmapDataProvider;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** A STRING column of a segment file. Thread-safe. */
final class MappedStringColumn implements StringColumn {
  private final Handle handle;
  private final ColumnDirectory directory;
  private final DictionaryPages dictionary;
  private final int rows;

  MappedStringColumn(
      Handle handle, ColumnDirectory directory, DictionaryPages dictionary, int rows) {
    this.handle = handle;
    this.directory = directory;
    this.dictionary = dictionary;
    this.rows = rows;
  }

  @Override
  public int cardinality() {
    return directory.cardinality;
  }

  @Override
  public String value(int id) {
    checkId(id);
    return id == 0 && directory.hasNulls ? null : dictionary.value(handle.file(), id);
  }

  @Override
  public byte[] utf8(int id) {
    checkId(id);
    return id == 0 && directory.hasNulls ? null : dictionary.utf8(handle.file(), id);
  }

  @Override
  public int idOf(String value) {
    if (value == null) {
      return directory.hasNulls ? 0 : -1;
    }
    return dictionary.idOf(handle.file(), Utf8Order.wellFormed(value));
  }

  @Override
  public boolean sorted() {
    return true;
  }

  @Override
  public boolean isJson() {
    return directory.json;
  }

  @Override
  public boolean multiValued() {
    return directory.multiValued;
  }

  @Override
  public void readIds(int from, int count, int[] out) {
    if (directory.multiValued) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "column '%s' has several values in a row and must be read by readValues"
              .formatted(directory.name));
    }
    BlockReads.read(
        handle,
        directory.data,
        rows,
        from,
        count,
        (block, at, length, outAt) ->
            LongEncoding.of(block.encoding).decodeInts(block, at, length, out, outAt));
  }

  @Override
  public int[] readValues(int row) {
    if (!directory.multiValued) {
      int[] id = new int[1];
      readIds(row, 1, id);
      return id;
    }
    MappedFile file = handle.file();
    int[][] result = new int[1][];
    BlockReads.read(
        handle,
        directory.data,
        rows,
        row,
        1,
        (block, at, length, outAt) -> result[0] = ListBlocks.decode(file, block, at));
    return result[0];
  }

  @Override
  public ImmutableBitmapDataProvider rowsOf(int id) {
    checkId(id);
    return directory.hasIndex ? indexed(handle.file(), id) : null;
  }

  private ImmutableRoaringBitmap indexed(MappedFile file, int id) {
    Postings postings = directory.postings;
    int bitmap = postings == null ? id : postings.bitmapOf(id);
    return bitmap < 0
        ? postings.rowsOf(file, id)
        : BitmapPages.read(directory.bitmaps, file, bitmap);
  }

  @Override
  public RoaringBitmap rowsOfAny(BitSet ids) {
    if (!directory.hasIndex) {
      return null;
    }
    if (ids.isEmpty()) {
      return new RoaringBitmap();
    }
    checkId(ids.length() - 1);
    MappedFile file = handle.file();
    Postings postings = directory.postings;
    if (postings == null) {
      RoaringBitmap found = new RoaringBitmap();
      ids.stream()
          .forEach(id -> found.or(BitmapPages.read(directory.bitmaps, file, id).toRoaringBitmap()));
      return found;
    }
    RowUnion union = new RowUnion(rows);
    postings.addRowsOf(file, ids, union);
    RoaringBitmap found = union.toBitmap();
    for (int bitmap = 0; bitmap < postings.bitmapCount(); bitmap++) {
      if (ids.get(postings.bitmapId(bitmap))) {
        found.or(BitmapPages.read(directory.bitmaps, file, bitmap).toRoaringBitmap());
      }
    }
    return found;
  }

  @Override
  public boolean readRowCounts(int firstId, int count, int[] out) {
    if (!directory.hasIndex) {
      return false;
    }
    MappedFile file = handle.file();
    if (directory.postings != null) {
      directory.postings.readCounts(file, firstId, count, out);
      return true;
    }
    for (int i = 0; i < count; i++) {
      out[i] = BitmapPages.read(directory.bitmaps, file, firstId + i).getCardinality();
    }
    return true;
  }

  @Override
  public ValueCursor values() {
    return dictionary.values(handle, directory.hasNulls ? 1 : 0);
  }

  @Override
  public BlockSummaries summaries() {
    return directory.summaries;
  }

  private void checkId(int id) {
    if (id < 0 || id >= directory.cardinality) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "id of column '%s' must be in [0, %d), got %d"
              .formatted(directory.name, directory.cardinality, id));
    }
  }
}
