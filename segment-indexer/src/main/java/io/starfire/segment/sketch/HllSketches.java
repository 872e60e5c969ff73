package io.starfire.segment.sketch;

import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.memory.Memory;

/**
 * What an HLL sketch tells. Estimates are those of the registers alone. The library's own, which
 * are a little sharper for a sketch that nothing was merged into, depend on the order in which
 * values came and on how rows are stored. Stateless.
 */
public final class HllSketches {
  private HllSketches() {}

  static HllSketch read(byte[] sketch, SketchKind kind) {
    SketchLibrary.require();
    SketchImages.checkHll(sketch, kind);
    return SketchImages.guarded(kind, () -> HllSketch.heapify(Memory.wrap(sketch)));
  }

  /** The number of distinct values. */
  public static double estimate(byte[] sketch) {
    return read(sketch, SketchKind.HLL).getCompositeEstimate();
  }

  /**
   * The number of distinct values, the lower and the upper bound.
   *
   * @param deviations standard deviations from the estimate to the bounds: 1, 2 or 3
   */
  public static double[] estimateWithBounds(byte[] sketch, int deviations) {
    HllSketch read = read(sketch, SketchKind.HLL);
    double estimate = read.getCompositeEstimate();
    if (!hasRegisters(sketch)) {
      return new double[] {
        estimate, read.getLowerBound(deviations), read.getUpperBound(deviations)
      };
    }
    int lgK = read.getLgConfigK();
    return new double[] {
      estimate,
      estimate / (1 + HllSketch.getRelErr(false, true, lgK, deviations)),
      estimate / (1 - HllSketch.getRelErr(true, true, lgK, deviations))
    };
  }

  /** Whether the sketch has left the state in which it keeps the hashes of few values. */
  private static boolean hasRegisters(byte[] sketch) {
    return (sketch[7] & 3) == 2;
  }

  /** A description for people, in the library's words. */
  public static String describe(byte[] sketch) {
    return read(sketch, SketchKind.HLL).toString();
  }
}
