package io.starfire.segment.column;

/** 64-bit integers. */
public non-sealed interface LongColumn extends Column {
  boolean hasNulls();

  /** Reads rows {@code [from, from + count)} into {@code out[0..count)}; a null reads as 0. */
  void read(int from, int count, long[] out);

  /** Sets {@code out[i]} to whether row {@code from + i} is null. */
  void readNulls(int from, int count, boolean[] out);

  /**
   * The smallest value; {@link Long#MIN_VALUE} if it is not known. Queries skip whole row sets by
   * it.
   */
  default long minValue() {
    return Long.MIN_VALUE;
  }

  /** The largest value, inclusive; {@link Long#MAX_VALUE} if it is not known. */
  default long maxValue() {
    return Long.MAX_VALUE;
  }

  /** What is known of each block; null if nothing is, as of live rows. */
  default BlockSummaries summaries() {
    return null;
  }

  /**
   * The sum of rows {@code [from, to)}; only if {@link #summaries} say that it fits. What blocks
   * are known to add up to is not read.
   */
  default long sum(int from, int to) {
    throw new IllegalStateException("nothing is known of the column's blocks");
  }
}
