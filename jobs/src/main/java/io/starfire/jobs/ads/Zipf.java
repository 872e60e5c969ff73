package io.starfire.jobs.ads;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws ranks from 0 on, of which rank {@code r} is drawn in proportion to {@code 1 / (r + 1)}. */
final class Zipf {
  private final double[] cumulative;

  Zipf(int ranks) {
    cumulative = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += 1.0 / (rank + 1);
      cumulative[rank] = sum;
    }
  }

  int draw(SplittableRandom random) {
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    return Math.min(cumulative.length - 1, found >= 0 ? found + 1 : -found - 1);
  }
}
