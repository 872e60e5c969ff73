package io.starfire.segment.format;

/**
 * Doubles as integers over a power of ten, where that gives back exactly the same bits: a division
 * of an integer below 2^53 by an exact power of ten gives the double nearest to the decimal, so
 * {@code 12.34} comes back as it was. NaN, -0.0 and sums with rounding errors are none.
 */
final class Decimals {
  static final int MAX_SCALE = 6;

  private static final double MAX_UNSCALED = 1L << 53;

  private final long[] unscaled;
  private final int scale;

  private Decimals(long[] unscaled, int scale) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** The integers; at least as many as there are rows. */
  long[] unscaled() {
    return unscaled;
  }

  /** Digits behind the point, the fewest that will do. */
  int scale() {
    return scale;
  }

  /** Returns null if one of them is no decimal of so few digits. */
  static Decimals of(long[] bits, int rows) {
    long[] unscaled = new long[rows];
    int scale = 0;
    double divisor = 1;
    int row = 0;
    while (row < rows) {
      double value = Double.longBitsToDouble(bits[row]);
      double scaled = Math.rint(value * divisor);
      if (Math.abs(scaled) < MAX_UNSCALED
          && Double.doubleToRawLongBits((long) scaled / divisor) == bits[row]) {
        unscaled[row++] = (long) scaled;
      } else if (++scale > MAX_SCALE) {
        return null;
      } else {
        divisor *= 10;
        row = 0;
      }
    }
    return new Decimals(unscaled, scale);
  }
}
