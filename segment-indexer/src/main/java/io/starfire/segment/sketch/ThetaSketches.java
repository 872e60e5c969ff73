package io.starfire.segment.sketch;

import java.util.List;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.theta.AnotB;
import org.apache.datasketches.theta.Intersection;
import org.apache.datasketches.theta.SetOperation;
import org.apache.datasketches.theta.Sketch;
import org.apache.datasketches.theta.Sketches;
import org.apache.datasketches.theta.Union;

/** What theta sketches tell, and sets of them. Stateless. */
public final class ThetaSketches {
  private ThetaSketches() {}

  /** What is made of several sets of values. */
  public enum SetFunction {
    UNION,
    INTERSECT,
    /** The first set without the others. */
    NOT
  }

  static Sketch read(byte[] sketch) {
    SketchLibrary.require();
    SketchImages.checkTheta(sketch);
    return SketchImages.guarded(
        SketchKind.THETA, () -> Sketches.heapifySketch(Memory.wrap(sketch)));
  }

  /** The number of distinct values. */
  public static double estimate(byte[] sketch) {
    return read(sketch).getEstimate();
  }

  /** The lower and the upper bound, so many standard deviations from the estimate. */
  public static double[] bounds(byte[] sketch, int deviations) {
    Sketch read = read(sketch);
    return new double[] {read.getLowerBound(deviations), read.getUpperBound(deviations)};
  }

  public static byte[] combine(SetFunction function, int size, List<byte[]> sketches) {
    List<Sketch> read = sketches.stream().map(ThetaSketches::read).toList();
    return SketchImages.guarded(SketchKind.THETA, () -> combineRead(function, size, read));
  }

  private static byte[] combineRead(SetFunction function, int size, List<Sketch> sketches) {
    switch (function) {
      case UNION -> {
        Union union = SetOperation.builder().setNominalEntries(size).buildUnion();
        sketches.forEach(union::union);
        return union.getResult(true, null).toByteArray();
      }
      case INTERSECT -> {
        Intersection common = SetOperation.builder().setNominalEntries(size).buildIntersection();
        sketches.forEach(common::intersect);
        return common.getResult(true, null).toByteArray();
      }
      default -> {
        AnotB rest = SetOperation.builder().setNominalEntries(size).buildANotB();
        rest.setA(sketches.get(0));
        sketches.subList(1, sketches.size()).forEach(rest::notB);
        return rest.getResult(true, null, true).toByteArray();
      }
    }
  }

  /** A description for people, in the library's words. */
  public static String describe(byte[] sketch) {
    return read(sketch).toString();
  }
}
