package io.starfire.segment.column;

/**
 * Doubles as longs of the same order: that of {@link Double#compare}, with -0.0 below 0.0 and NaN
 * above everything (and NaNs among themselves by their bits). Stateless.
 */
public final class DoubleOrder {
  private DoubleOrder() {}

  /** From the bits of a double to a long that sorts like it. */
  public static long toSortable(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** The bits that {@link #toSortable} was given. */
  public static long toBits(long sortable) {
    return toSortable(sortable);
  }
}
