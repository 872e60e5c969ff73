package io.starfire.serving.query.filter;

import java.util.function.LongPredicate;

/**
 * What a filter says of longs that are not null. It accepts none outside an interval, whose ends
 * are inclusive.
 *
 * @param accepted which it accepts
 * @param low the start of the interval
 * @param high the end of the interval; below the start if it accepts none
 * @param whole whether it accepts all longs in the interval
 */
record LongTest(LongPredicate accepted, long low, long high, boolean whole) {
  /** One of which nothing is known. */
  static LongTest of(LongPredicate accepted) {
    return new LongTest(accepted, Long.MIN_VALUE, Long.MAX_VALUE, false);
  }

  /** What it says of all longs from the smallest to the largest. */
  RowMatcher.Verdict ofAll(long smallest, long largest) {
    if (largest < low || smallest > high) {
      return RowMatcher.Verdict.NONE;
    }
    return whole && smallest >= low && largest <= high
        ? RowMatcher.Verdict.ALL
        : RowMatcher.Verdict.SOME;
  }
}
