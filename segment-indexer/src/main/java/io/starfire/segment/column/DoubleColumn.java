package io.starfire.segment.column;

/** 64-bit floating-point numbers. */
public non-sealed interface DoubleColumn extends Column {
  boolean hasNulls();

  /** Reads rows {@code [from, from + count)} into {@code out[0..count)}; a null reads as 0. */
  void read(int from, int count, double[] out);

  /** Sets {@code out[i]} to whether row {@code from + i} is null. */
  void readNulls(int from, int count, boolean[] out);
}
