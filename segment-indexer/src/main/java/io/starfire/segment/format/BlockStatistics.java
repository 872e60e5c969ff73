package io.starfire.segment.format;

/**
 * What is known of the numbers of a block before an encoding is chosen.
 *
 * @param rows how many there are, at least 1
 * @param min the smallest
 * @param max the largest
 * @param divisor the greatest common divisor of the distances from the smallest; 1 if it is not
 *     worth knowing
 * @param runs how many runs of equal neighbours
 * @param increasing whether none is below the one before, and distances fit a long
 * @param maxStep the largest distance from the one before, if {@code increasing}
 */
record BlockStatistics(
    int rows, long min, long max, long divisor, int runs, boolean increasing, long maxStep) {

  static BlockStatistics of(long[] values, int rows) {
    long min = values[0];
    long max = values[0];
    int runs = 1;
    boolean increasing = true;
    long maxStep = 0;
    for (int i = 1; i < rows; i++) {
      long value = values[i];
      long before = values[i - 1];
      if (value != before) {
        runs++;
        min = Math.min(min, value);
        max = Math.max(max, value);
        increasing &= value > before;
        maxStep = Math.max(maxStep, value - before);
      }
    }
    boolean fits = max - min >= 0;
    long divisor = fits ? divisor(values, rows, min) : 1;
    return new BlockStatistics(rows, min, max, divisor, runs, increasing && fits, maxStep);
  }

  private static long divisor(long[] values, int rows, long min) {
    long divisor = 0;
    long before = min;
    for (int i = 0; i < rows && divisor != 1; i++) {
      long value = values[i];
      if (value != before) {
        long distance = value - min;
        if (divisor == 0 || distance % divisor != 0) {
          divisor = greatestCommonDivisor(distance, divisor);
        }
        before = value;
      }
    }
    return Math.max(1, divisor);
  }

  private static long greatestCommonDivisor(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }
}
