package io.starfire.segment.format;

import io.starfire.segment.column.BlockSummaries;

/** Encoding 5: doubles that are decimals of few digits, as bit-packed integers. Stateless. */
final class DecimalEncoding {
  static final int NUMBER = 5;

  private DecimalEncoding() {}

  /** Appends the block and returns true, or returns false if it would not pay. */
  static boolean encode(
      Decimals decimals, int rows, boolean[] nulls, long limitBytes, ByteSink out) {
    long[] unscaled = decimals.unscaled();
    long min = unscaled[0];
    long max = unscaled[0];
    for (int i = 1; i < rows; i++) {
      min = Math.min(min, unscaled[i]);
      max = Math.max(max, unscaled[i]);
    }
    int width = BitPacking.widthOf(max - min);
    if (width > BitPacking.MAX_WIDTH || BitPacking.packedBytes(rows, width) > limitBytes) {
      return false;
    }
    LongEncoding.header(out, NUMBER, width, decimals.scale(), rows, min, 0, nulls);
    long[] distances = new long[rows];
    for (int i = 0; i < rows; i++) {
      distances[i] = unscaled[i] - min;
    }
    BitPacking.pack(distances, rows, width, out);
    return true;
  }

  static void decode(Block block, int from, int count, double[] out, int outAt) {
    Unpacking.used()
        .decimals(
            block.data,
            block.payload,
            block.width,
            from,
            count,
            block.base,
            (double) BlockSummaries.power(block.scale),
            out,
            outAt);
  }

  /** Reads the integers, times a factor. */
  static void decodeUnscaled(Block block, int from, int count, long factor, long[] out, int outAt) {
    Unpacking.used()
        .longs(
            block.data,
            block.payload,
            block.width,
            from,
            count,
            block.base * factor,
            factor,
            out,
            outAt);
  }

  /** The sum of the integers of some rows. */
  static long sumUnscaled(Block block, int from, int count) {
    return block.base * count
        + Unpacking.used().sum(block.data, block.payload, block.width, from, count);
  }
}
