package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;
import io.starfire.segment.sketch.SketchKind;
import org.jspecify.annotations.Nullable;

/**
 * What an output of a query is. Immutable.
 *
 * @param type of the value that is shown; COMPLEX for a sketch, an array or an object
 * @param sketch what sketch stands behind it; null if none does
 */
public record OutputType(ColumnType type, @Nullable SketchKind sketch) {
  public static OutputType of(ColumnType type) {
    return new OutputType(type, null);
  }

  boolean isNumber() {
    return type == ColumnType.LONG || type == ColumnType.DOUBLE;
  }

  /** For a message. */
  String describe() {
    return switch (type) {
      case STRING -> "text";
      case COMPLEX -> sketch == null ? "an array or an object" : "a sketch";
      default -> type.name();
    };
  }
}
