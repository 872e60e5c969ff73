package io.starfire.segment.column;

/** 64-bit floating-point numbers. */
public non-sealed interface DoubleColumn extends Column {
  boolean hasNulls();

  /** Reads rows {@code [from, from + count)} into {@code out[0..count)}; a null reads as 0. */
  void read(int from, int count, double[] out);

  /** Sets {@code out[i]} to whether row {@code from + i} is null. */
  void readNulls(int from, int count, boolean[] out);

  /** What is known of each block; null if nothing is, as of live rows. */
  default BlockSummaries summaries() {
    return null;
  }

  /**
   * As {@link #read}, of the integers that {@link #summaries} say that all values are; a null reads
   * as 0.
   */
  default void readScaled(int from, int count, long[] out) {
    throw new IllegalStateException("nothing is known of the column's blocks");
  }

  /**
   * The sum of the integers of rows {@code [from, to)}; only if {@link #summaries} say that it
   * fits. What blocks are known to add up to is not read.
   */
  default long sumScaled(int from, int to) {
    throw new IllegalStateException("nothing is known of the column's blocks");
  }
}
