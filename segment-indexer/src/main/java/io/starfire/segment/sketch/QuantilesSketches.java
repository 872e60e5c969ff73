package io.starfire.segment.sketch;

import java.util.Arrays;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantiles.DoublesSketch;

/** What a sketch of quantiles tells. Without values every number of it is NaN. Stateless. */
public final class QuantilesSketches {
  private QuantilesSketches() {}

  static DoublesSketch read(byte[] sketch) {
    SketchLibrary.require();
    SketchImages.checkQuantiles(sketch);
    return SketchImages.guarded(
        SketchKind.QUANTILES, () -> DoublesSketch.heapify(Memory.wrap(sketch)));
  }

  /** How many values were added. */
  public static long count(byte[] sketch) {
    return read(sketch).getN();
  }

  /**
   * The values below which such parts of the values lie.
   *
   * @param fractions each from 0 to 1
   */
  public static double[] quantiles(byte[] sketch, double[] fractions) {
    DoublesSketch read = read(sketch);
    return read.isEmpty() ? nothing(fractions.length) : read.getQuantiles(fractions);
  }

  /** The part of the values that are at or below a value, from 0 to 1. */
  public static double rank(byte[] sketch, double value) {
    DoublesSketch read = read(sketch);
    return read.isEmpty() ? Double.NaN : read.getRank(value);
  }

  /**
   * The parts of the values that are at or below each split point, and 1 at the end.
   *
   * @param splitPoints ascending, all different
   */
  public static double[] cumulative(byte[] sketch, double[] splitPoints) {
    DoublesSketch read = read(sketch);
    return read.isEmpty() ? nothing(splitPoints.length + 1) : read.getCDF(splitPoints);
  }

  /** The numbers of values up to the first split point, up to the next, and behind the last. */
  public static double[] histogram(byte[] sketch, double[] splitPoints) {
    DoublesSketch read = read(sketch);
    if (read.isEmpty()) {
      return nothing(splitPoints.length + 1);
    }
    double[] parts = read.getPMF(splitPoints);
    for (int i = 0; i < parts.length; i++) {
      parts[i] *= read.getN();
    }
    return parts;
  }

  /** The numbers of values in bins of equal width, from the smallest value to the largest. */
  public static double[] histogram(byte[] sketch, int bins) {
    DoublesSketch read = read(sketch);
    if (read.isEmpty()) {
      return nothing(bins);
    }
    double min = read.getMinItem();
    double max = read.getMaxItem();
    if (bins == 1 || min == max) {
      double[] all = new double[bins];
      all[0] = read.getN();
      return all;
    }
    double width = (max - min) / bins;
    double[] splits = new double[bins - 1];
    for (int i = 0; i < splits.length; i++) {
      splits[i] = min + (i + 1) * width;
    }
    return histogram(sketch, splits);
  }

  private static double[] nothing(int length) {
    double[] nothing = new double[length];
    Arrays.fill(nothing, Double.NaN);
    return nothing;
  }

  /** A description for people, in the library's words. */
  public static String describe(byte[] sketch) {
    return read(sketch).toString();
  }
}
