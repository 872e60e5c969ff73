package io.starfire.segment.format;

/**
 * Encoding 5: doubles that are decimals of few digits, such as prices, as bit-packed integers over
 * a power of ten. A division of an integer below 2^53 by an exact power of ten gives the double
 * nearest to the decimal, so {@code 12.34} comes back as the same bits; a block in which one does
 * not (a NaN, -0.0, a sum with rounding errors) is not stored this way.
 */
final class DecimalEncoding {
  static final int NUMBER = 5;

  private static final int MAX_SCALE = 6;
  private static final double MAX_UNSCALED = 1L << 53;

  private DecimalEncoding() {}

  /** Appends the block and returns true, or returns false if it would not pay or not be exact. */
  static boolean encode(long[] bits, int rows, boolean[] nulls, long limitBytes, ByteSink out) {
    long[] unscaled = new long[rows];
    int scale = 0;
    int row = 0;
    while (row < rows) {
      double value = Double.longBitsToDouble(bits[row]);
      double divisor = power(scale);
      double scaled = Math.rint(value * divisor);
      if (Math.abs(scaled) < MAX_UNSCALED
          && Double.doubleToRawLongBits((long) scaled / divisor) == bits[row]) {
        unscaled[row++] = (long) scaled;
      } else if (++scale > MAX_SCALE) {
        return false;
      } else {
        row = 0;
      }
    }
    return encodeUnscaled(unscaled, rows, scale, nulls, limitBytes, out);
  }

  private static boolean encodeUnscaled(
      long[] unscaled, int rows, int scale, boolean[] nulls, long limitBytes, ByteSink out) {
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
    LongEncoding.header(out, NUMBER, width, scale, rows, min, 0, nulls);
    for (int i = 0; i < rows; i++) {
      unscaled[i] -= min;
    }
    BitPacking.pack(unscaled, rows, width, out);
    return true;
  }

  static void decode(Block block, int from, int count, double[] out, int outAt) {
    BitPacking.unpackDecimals(
        block.data,
        block.payload,
        block.width,
        from,
        count,
        block.base,
        power(block.scale),
        out,
        outAt);
  }

  private static double power(int scale) {
    double power = 1;
    for (int i = 0; i < scale; i++) {
      power *= 10;
    }
    return power;
  }
}
