package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;
import io.starfire.segment.sketch.SketchKind;
import org.jspecify.annotations.Nullable;

/**
 * What an output of a query is. Immutable.
 *
 * @param type of the value that is shown; COMPLEX for a sketch, an array or an object
 * @param sketch what sketch stands behind it; null if none does
 * @param element the type of the elements of an array that expressions can read; null for anything
 *     else
 */
public record OutputType(
    ColumnType type, @Nullable SketchKind sketch, @Nullable ColumnType element) {
  public OutputType(ColumnType type, @Nullable SketchKind sketch) {
    this(type, sketch, null);
  }

  public static OutputType of(ColumnType type) {
    return new OutputType(type, null);
  }

  /** An array, whose values are Object[]. */
  public static OutputType ofArray(ColumnType element) {
    return new OutputType(ColumnType.COMPLEX, null, element);
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
