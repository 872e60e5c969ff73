package io.starfire.serving.query.filter;

import java.util.function.DoublePredicate;

/**
 * What a filter says of doubles that are not null. It accepts none outside an interval, whose ends
 * are inclusive; NaN is in none.
 *
 * @param accepted which it accepts
 * @param low the start of the interval
 * @param high the end of the interval
 * @param whole whether it accepts all doubles in the interval
 */
record DoubleTest(DoublePredicate accepted, double low, double high, boolean whole) {
  /** One of which nothing is known. */
  static DoubleTest of(DoublePredicate accepted) {
    return new DoubleTest(accepted, Double.NaN, Double.NaN, false);
  }

  /** What it says of all doubles from the smallest to the largest, which are NaN if not known. */
  RowMatcher.Verdict ofAll(double smallest, double largest) {
    if (largest < low || smallest > high) {
      return RowMatcher.Verdict.NONE;
    }
    return whole && smallest >= low && largest <= high
        ? RowMatcher.Verdict.ALL
        : RowMatcher.Verdict.SOME;
  }
}
