package io.starfire.serving.query.model;

import io.starfire.segment.sketch.HllSketches;
import io.starfire.segment.sketch.QuantilesSketches;
import io.starfire.segment.sketch.SketchSpec;
import io.starfire.segment.sketch.ThetaSketches;

/**
 * A sketch of one group. Immutable by convention.
 *
 * @param spec what it is
 * @param bytes the sketch
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a value on its way
public record SketchValue(SketchSpec spec, byte[] bytes) {
  /** One without values. */
  public static SketchValue empty(SketchSpec spec) {
    return new SketchValue(spec, spec.newBuilder().toBytes());
  }

  /** The estimate of the number of distinct values, or the number of all values. */
  public double number() {
    return switch (spec.kind()) {
      case HLL, UNIQUE -> HllSketches.estimate(bytes);
      case THETA -> ThetaSketches.estimate(bytes);
      case QUANTILES -> QuantilesSketches.count(bytes);
    };
  }
}
