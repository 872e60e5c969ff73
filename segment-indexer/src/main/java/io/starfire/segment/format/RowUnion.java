package io.starfire.segment.format;

import java.util.Arrays;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/**
 * Row numbers in any order, put together to a bitmap: a few are listed and sorted, and more become
 * bits. Not thread-safe.
 */
final class RowUnion {
  private static final int LISTED = 4096;

  private final int rowCount;
  private int[] listed = new int[64];
  private int count;

  /** Null while rows are listed. */
  private long[] bits;

  /**
   * @param rowCount above all row numbers
   */
  RowUnion(int rowCount) {
    this.rowCount = rowCount;
  }

  void add(int[] rows, int length) {
    if (bits == null && count + length > LISTED) {
      bits = new long[(rowCount + 63) >>> 6];
      setAll(bits, listed, count);
      count = 0;
    }
    if (bits != null) {
      setAll(bits, rows, length);
      return;
    }
    if (count + length > listed.length) {
      listed = Arrays.copyOf(listed, Math.max(listed.length * 2, count + length));
    }
    System.arraycopy(rows, 0, listed, count, length);
    count += length;
  }

  private static void setAll(long[] bits, int[] rows, int length) {
    for (int i = 0; i < length; i++) {
      bits[rows[i] >>> 6] |= 1L << rows[i];
    }
  }

  RoaringBitmap toBitmap() {
    if (bits != null) {
      return BitSetUtil.bitmapOf(bits);
    }
    Arrays.sort(listed, 0, count);
    RoaringBitmap bitmap = new RoaringBitmap();
    bitmap.addN(listed, 0, count);
    return bitmap;
  }
}
