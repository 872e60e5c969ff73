package io.starfire.segment;

import io.starfire.event.MetricSpec.Aggregation;

/**
 * How two stored values of a metric become one, on values as 64 bits: the long itself, or {@link
 * Double#doubleToRawLongBits}. Long sums wrap as Java's do, which keeps them independent of the
 * order; a NaN stays NaN. Nulls are the caller's business: a null is ignored beside a value.
 * Stateless.
 */
public final class MetricMath {
  private MetricMath() {}

  /** Combines two non-null values. */
  public static long combine(Aggregation aggregation, long left, long right) {
    return switch (aggregation) {
      case COUNT, LONG_SUM -> left + right;
      case LONG_MIN -> Math.min(left, right);
      case LONG_MAX -> Math.max(left, right);
      case DOUBLE_SUM -> bits(number(left) + number(right));
      case DOUBLE_MIN -> bits(Math.min(number(left), number(right)));
      case DOUBLE_MAX -> bits(Math.max(number(left), number(right)));
    };
  }

  private static double number(long bits) {
    return Double.longBitsToDouble(bits);
  }

  private static long bits(double number) {
    return Double.doubleToRawLongBits(number);
  }
}
