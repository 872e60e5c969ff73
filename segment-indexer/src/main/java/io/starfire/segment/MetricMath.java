package io.starfire.segment;

import io.starfire.event.MetricSpec.Aggregation;

/**
 * Combines two stored values of a metric. A value is 64 bits: the long itself, or {@link
 * Double#doubleToRawLongBits}. Long sums wrap as in Java, so that their order does not matter. NaN
 * and another value make NaN. The caller handles nulls: a null beside a value is ignored.
 * Stateless; thread-safe.
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
      case HLL_SKETCH_BUILD,
          HLL_SKETCH_MERGE,
          THETA_SKETCH,
          QUANTILES_DOUBLES_SKETCH,
          HYPER_UNIQUE ->
          throw new IllegalArgumentException(aggregation + " has bytes and no number");
    };
  }

  private static double number(long bits) {
    return Double.longBitsToDouble(bits);
  }

  private static long bits(double number) {
    return Double.doubleToRawLongBits(number);
  }
}
