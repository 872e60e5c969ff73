package io.starfire.segment.sketch;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.MetricSpec;
import io.starfire.event.SketchSettings;
import java.util.Map;

/** A kind of sketch with its sizes: makes and checks such sketches. Immutable. */
public sealed interface SketchSpec permits HllSpec, ThetaSpec, QuantilesSpec {
  SketchKind kind();

  /**
   * An empty sketch.
   *
   * @throws StarfireException with UNSUPPORTED if the library of sketches does not work on this JVM
   */
  SketchBuilder newBuilder();

  /**
   * Returns if bytes are a sketch of the kind, of any size.
   *
   * @throws StarfireException with CORRUPT if they are not
   */
  void check(byte[] sketch);

  /**
   * Returns if the input of a metric can be added.
   *
   * @param input as of {@link SketchBuilder#addInput}
   * @throws StarfireException with INVALID_INPUT if it cannot
   */
  default void checkInput(Object input) {
    if (input instanceof byte[] sketch) {
      try {
        check(sketch);
      } catch (StarfireException e) {
        throw new StarfireException(ErrorCode.INVALID_INPUT, e.getMessage(), e);
      }
    } else if (kind() == SketchKind.QUANTILES && input != null && !(input instanceof Number)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a %s takes numbers, got %s"
              .formatted(kind().typeName(), input.getClass().getSimpleName()));
    }
  }

  /** Two sketches as one; either may be null for none, and is then not checked. */
  default byte[] merge(byte[] one, byte[] other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    SketchBuilder both = newBuilder();
    both.addSketch(one);
    both.addSketch(other);
    return both.toBytes();
  }

  /** That of a metric which is a sketch. */
  static SketchSpec of(MetricSpec metric) {
    return of(metric.aggregation().typeName(), metric.settings());
  }

  /**
   * That of a metric or an aggregator.
   *
   * @param typeName as JSON has it
   * @param settings as {@link SketchSettings} has checked them
   */
  static SketchSpec of(String typeName, Map<String, Object> settings) {
    return switch (typeName) {
      case "thetaSketch", "thetaSketchSetOp" ->
          new ThetaSpec(number(settings, SketchSettings.SIZE, SketchSettings.DEFAULT_SIZE));
      case "quantilesDoublesSketch" ->
          new QuantilesSpec(number(settings, SketchSettings.K, SketchSettings.DEFAULT_K));
      case "hyperUnique", "cardinality" ->
          new HllSpec(
              SketchKind.UNIQUE,
              SketchSettings.DEFAULT_LG_K,
              SketchSettings.DEFAULT_HLL_TYPE,
              true);
      case "HLLSketchBuild", "HLLSketchMerge", "HLLSketchUnion" ->
          new HllSpec(
              SketchKind.HLL,
              number(settings, SketchSettings.LG_K, SketchSettings.DEFAULT_LG_K),
              (String)
                  settings.getOrDefault(SketchSettings.HLL_TYPE, SketchSettings.DEFAULT_HLL_TYPE),
              "utf8".equals(settings.get(SketchSettings.STRING_ENCODING)));
      default -> throw new IllegalArgumentException(typeName + " is no sketch");
    };
  }

  private static int number(Map<String, Object> settings, String name, int absent) {
    return settings.get(name) instanceof Long number ? Math.toIntExact(number) : absent;
  }
}
