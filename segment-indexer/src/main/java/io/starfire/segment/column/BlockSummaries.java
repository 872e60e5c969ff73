package io.starfire.segment.column;

import java.util.Arrays;

/**
 * What is known of the values of each block of a column's rows without reading them. Of a LONG
 * column these are its longs, and of a STRING column its ids. Of a DOUBLE column they are its
 * doubles; if all of them are decimals of few digits, as prices are, then each is an integer below
 * 2^53 divided by {@code 10^scale()}, and the integers are known: they are added exactly, and
 * faster. Nulls are left out. Immutable.
 */
public final class BlockSummaries {
  /** Rows in a block; the last of a column may have fewer. */
  public static final int ROWS = 8192;

  private static final int NO_SCALE = -1;

  private final int scale;

  /** Integers, or the bits of doubles if there is no scale. */
  private final long[] smallest;

  private final long[] largest;

  /** Null if a sum does not fit, or there is none. */
  private final long[] sums;

  private final int[] nulls;
  private final long magnitude;

  private BlockSummaries(int scale, long[] smallest, long[] largest, long[] sums, int[] nulls) {
    this.scale = scale;
    this.smallest = smallest;
    this.largest = largest;
    this.sums = sums;
    this.nulls = nulls;
    this.magnitude = scale == NO_SCALE ? Long.MAX_VALUE : magnitude(smallest, largest);
  }

  /**
   * Of integers. The arrays are not copied.
   *
   * @param smallest above the largest in a block of nulls
   * @param sums null if one of them does not fit, or they mean nothing
   */
  public static BlockSummaries ofIntegers(
      int scale, long[] smallest, long[] largest, long[] sums, int[] nulls) {
    return new BlockSummaries(scale, smallest, largest, sums, nulls);
  }

  /**
   * Of doubles that are no decimals.
   *
   * @param smallest NaN where nothing is known; above the largest in a block of nulls
   */
  public static BlockSummaries ofDoubles(double[] smallest, double[] largest, int[] nulls) {
    return new BlockSummaries(
        NO_SCALE,
        Arrays.stream(smallest).mapToLong(Double::doubleToLongBits).toArray(),
        Arrays.stream(largest).mapToLong(Double::doubleToLongBits).toArray(),
        null,
        nulls);
  }

  private static long magnitude(long[] smallest, long[] largest) {
    long magnitude = 0;
    for (int block = 0; block < smallest.length; block++) {
      if (smallest[block] == Long.MIN_VALUE) {
        return Long.MAX_VALUE;
      }
      if (smallest[block] <= largest[block]) {
        magnitude =
            Math.max(magnitude, Math.max(Math.abs(smallest[block]), Math.abs(largest[block])));
      }
    }
    return magnitude;
  }

  /** {@code 10^scale}, for scales up to 18. */
  public static long power(int scale) {
    long power = 1;
    for (int i = 0; i < scale; i++) {
      power *= 10;
    }
    return power;
  }

  /** Whether all values are integers over {@code 10^scale()}. */
  public boolean areIntegers() {
    return scale != NO_SCALE;
  }

  /** Digits behind the point; 0 for longs and ids. Only of integers. */
  public int scale() {
    return scale;
  }

  /** Whether so many rows can be added up in 64 bits, whichever they are. Only of integers. */
  public boolean fits(long rows) {
    return areIntegers() && magnitude <= Long.MAX_VALUE / Math.max(1, rows);
  }

  /** Whether the sums of blocks are known. */
  public boolean hasSums() {
    return sums != null;
  }

  /** The sum of a block's integers; 0 of a block of nulls. */
  public long sum(int block) {
    return sums[block];
  }

  /** How many rows of a block are null. */
  public int nulls(int block) {
    return nulls[block];
  }

  /** The smallest integer of a block; above the largest if all rows are null. */
  public long smallest(int block) {
    return smallest[block];
  }

  /** The largest integer of a block. */
  public long largest(int block) {
    return largest[block];
  }

  /** The smallest value of a block, of a DOUBLE column; NaN if it is not known. */
  public double smallestDouble(int block) {
    return asDouble(smallest[block]);
  }

  /** The largest value of a block, of a DOUBLE column; NaN if it is not known. */
  public double largestDouble(int block) {
    return asDouble(largest[block]);
  }

  private double asDouble(long value) {
    return areIntegers() ? value / (double) power(scale) : Double.longBitsToDouble(value);
  }
}
