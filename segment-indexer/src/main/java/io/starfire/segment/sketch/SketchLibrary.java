package io.starfire.segment.sketch;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Optional;
import org.apache.datasketches.memory.Memory;

/**
 * Whether the library of sketches, Apache DataSketches, works on this JVM. Version 6.2 refuses JVMs
 * that came after it. Stateless; thread-safe.
 */
public final class SketchLibrary {
  private static final Optional<String> PROBLEM = probe();

  private SketchLibrary() {}

  private static Optional<String> probe() {
    try {
      Memory.wrap(new byte[Long.BYTES]);
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of(
          "sketches (HLLSketch, thetaSketch, quantilesDoublesSketch, hyperUnique, cardinality) do not work on Java %d, which the library DataSketches 6.2 refuses; everything else works; for sketches use Java 17 or 21"
              .formatted(Runtime.version().feature()));
    }
  }

  /** Why sketches cannot be used here, as a sentence; empty if they can. */
  public static Optional<String> problem() {
    return PROBLEM;
  }

  /** Whether sketches cannot be used here. */
  public static boolean isMissing() {
    return PROBLEM.isPresent();
  }

  /**
   * Returns if sketches can be used.
   *
   * @throws StarfireException with UNSUPPORTED if they cannot
   */
  static void require() {
    if (PROBLEM.isPresent()) {
      throw new StarfireException(ErrorCode.UNSUPPORTED, PROBLEM.get());
    }
  }
}
