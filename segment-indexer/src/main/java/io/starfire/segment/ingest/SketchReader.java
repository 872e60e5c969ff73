package io.starfire.segment.ingest;

import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.FieldValue;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.event.SketchSettings;
import io.starfire.segment.sketch.SketchSpec;
import java.util.Base64;
import java.util.List;

/** Reads a field as the input of a metric that is a sketch. Immutable. */
final class SketchReader {
  private final MetricSpec metric;
  private final String field;
  private final SketchSpec spec;
  private final boolean takesSketches;

  SketchReader(MetricSpec metric, String field) {
    this.metric = metric;
    this.field = field;
    this.spec = SketchSpec.of(metric);
    this.takesSketches =
        metric.aggregation() == Aggregation.HLL_SKETCH_MERGE
            || Boolean.TRUE.equals(metric.settings().get(SketchSettings.IS_INPUT_THETA_SKETCH));
  }

  /** The input, of what is no list; null if there is none. */
  Object read(FieldValue value) {
    if (takesSketches) {
      return value.isBlank() ? null : sketch(value);
    }
    return metric.aggregation() == Aggregation.QUANTILES_DOUBLES_SKETCH
        ? number(value)
        : distinct(value);
  }

  /**
   * The input of a list.
   *
   * @param elements texts that may be null; null for a list that holds others, which is passed over
   */
  Object readList(List<String> elements) {
    if (takesSketches || metric.aggregation() == Aggregation.QUANTILES_DOUBLES_SKETCH) {
      throw new DecodingFailure(
          "field '%s' must be a number or a sketch in base 64 for metric '%s' of type %s, got an array"
              .formatted(field, metric.name(), spec.kind().typeName()));
    }
    return elements;
  }

  private static Object distinct(FieldValue value) {
    return switch (value.kind()) {
      case NULL, OBJECT -> null;
      case INTEGER -> whole(value);
      case DECIMAL, FLOATING -> (Object) value.doubleValue();
      default -> value.text();
    };
  }

  /** A number of more than 64 bits is told apart by its text. */
  private static Object whole(FieldValue value) {
    try {
      return value.longValue();
    } catch (ArithmeticException e) {
      return value.text();
    }
  }

  private Object number(FieldValue value) {
    if (value.isBlank()) {
      return null;
    }
    switch (value.kind()) {
      case INTEGER, DECIMAL, FLOATING -> {
        return value.doubleValue();
      }
      case TEXT -> {
        try {
          return value.doubleValue();
        } catch (NumberFormatException e) {
          return sketch(value);
        }
      }
      default -> throw unreadable("a number, or a sketch in base 64", value);
    }
  }

  private byte[] sketch(FieldValue value) {
    try {
      byte[] sketch = Base64.getDecoder().decode(value.text());
      spec.check(sketch);
      return sketch;
    } catch (IllegalArgumentException | IllegalStateException | StarfireException e) {
      throw unreadable("a sketch in base 64", value);
    }
  }

  private DecodingFailure unreadable(String expected, FieldValue value) {
    return new DecodingFailure(
        "field '%s' must be %s for metric '%s' of type %s, got %s"
            .formatted(field, expected, metric.name(), spec.kind().typeName(), value.describe()));
  }
}
