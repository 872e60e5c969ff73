package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** Encoding 6: several ids in a row, as the starts of the rows and all ids. Stateless. */
final class ListBlocks {
  static final int NUMBER = 6;

  /** Keeps bit offsets within a block below 2^31. */
  private static final int MAX_VALUES = 1 << 25;

  private ListBlocks() {}

  static void encode(int[][] lists, int rows, String column, ByteSink out) {
    long total = 0;
    long[] starts = new long[rows + 1];
    for (int row = 0; row < rows; row++) {
      total += lists[row].length;
      starts[row + 1] = total;
    }
    if (total > MAX_VALUES) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "column '%s' has %,d values in %,d rows; at most %,d can be stored, so shorten the lists"
              .formatted(column, total, rows, MAX_VALUES));
    }
    long[] ids = new long[(int) total];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int id : lists[row]) {
        ids[at++] = id;
      }
    }
    ByteSink nested = new ByteSink();
    LongBlocks.encode(starts, rows + 1, null, nested);
    int idsAt = nested.length();
    LongBlocks.encode(ids, ids.length, null, nested);
    LongEncoding.header(out, NUMBER, 0, 0, rows, total, idsAt, null);
    out.putBytes(nested.array(), 0, nested.length());
  }

  /** The ids of one row of a block. */
  static int[] decode(MappedFile file, Block block, int row) {
    int[] bounds = new int[2];
    decodeInts(new Block(file, block.payload), row, 2, bounds);
    int[] ids = new int[bounds[1] - bounds[0]];
    decodeInts(new Block(file, block.payload + (int) block.parameter), bounds[0], ids.length, ids);
    return ids;
  }

  private static void decodeInts(Block block, int from, int count, int[] out) {
    LongEncoding.of(block.encoding).decodeInts(block, from, count, out, 0);
  }
}
