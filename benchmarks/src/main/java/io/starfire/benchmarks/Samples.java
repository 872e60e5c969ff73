package io.starfire.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Figures of several rounds, of which the median is quoted. Not thread-safe. */
public final class Samples {
  private double[] values = new double[0];

  public void add(double value) {
    values = Arrays.copyOf(values, values.length + 1);
    values[values.length - 1] = value;
  }

  /** The middle one, or the mean of the two middle ones; NaN without any. */
  public double median() {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  public int count() {
    return values.length;
  }

  /**
   * The smallest that so large a part of the values is not above; NaN without any.
   *
   * @param part from 0 to 1, both inclusive
   */
  public double quantile(double part) {
    double[] sorted = sorted();
    return values.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
  }

  /** {@code median (minimum to maximum)}, with so many digits after the point. */
  public String summary(int digits) {
    if (values.length == 0) {
      return "none";
    }
    double[] sorted = sorted();
    String number = "%,." + digits + "f";
    return String.format(
        Locale.ROOT,
        number + " (" + number + " to " + number + ")",
        median(),
        sorted[0],
        sorted[sorted.length - 1]);
  }

  private double[] sorted() {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
