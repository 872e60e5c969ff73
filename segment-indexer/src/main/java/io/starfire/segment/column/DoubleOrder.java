package io.starfire.segment.column;

/**
 * Turns doubles into longs of the same order. It is that of {@link Double#compare}: -0.0 is below
 * 0.0, and NaN is above everything. NaNs are ordered by their bits. Stateless.
 */
public final class DoubleOrder {
  private DoubleOrder() {}

  /** Turns the bits of a double into a long that sorts like it. */
  public static long toSortable(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** Turns a result of {@link #toSortable} back into the bits of the double. */
  public static long toBits(long sortable) {
    return toSortable(sortable);
  }
}
