package io.starfire.segment.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Pages of bitmaps, which are found by their places in the order of ids. */
final class BitmapPages {
  private BitmapPages() {}

  /** A bitmap over the mapped bytes. */
  static ImmutableRoaringBitmap read(BlockTable table, MappedFile file, int place) {
    int page = table.blockOfId(place);
    int at = table.offset(page, file);
    ByteBuffer bytes = file.bytes();
    int count = bytes.getInt(at);
    int index = place - table.firstId(page);
    int start = index == 0 ? 0 : SegmentFormat.align(bytes.getInt(at + index * 4));
    int end = bytes.getInt(at + 4 + index * 4);
    int first = at + SegmentFormat.align(4 + count * 4);
    return new ImmutableRoaringBitmap(
        bytes.slice(first + start, end - start).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Collects bitmaps and writes them in pages. Not thread-safe. */
  static final class Writer {
    private final BlockTable table;
    private final SegmentOutput output;
    private final ByteSink ends = new ByteSink();
    private final ByteSink bitmaps = new ByteSink();
    private final ByteSink page = new ByteSink();
    private int next;
    private int count;

    Writer(BlockTable table, SegmentOutput output) {
      this.table = table;
      this.output = output;
    }

    void add(MutableRoaringBitmap rows) {
      rows.runOptimize();
      int size = rows.serializedSizeInBytes();
      int at = bitmaps.reserve(size);
      rows.serialize(ByteBuffer.wrap(bitmaps.array(), at, size));
      ends.putInt(bitmaps.length());
      bitmaps.align();
      count++;
      next++;
      if (bitmaps.length() >= SegmentFormat.BITMAP_PAGE_BYTES) {
        finish();
      }
    }

    void finish() {
      if (count == 0) {
        return;
      }
      page.clear();
      page.putInt(count);
      page.putBytes(ends.array(), 0, ends.length());
      page.align();
      page.putBytes(bitmaps.array(), 0, bitmaps.length());
      output.append(page, table, next - count);
      ends.clear();
      bitmaps.clear();
      count = 0;
    }
  }
}
