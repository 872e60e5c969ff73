package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.event.internal.RecordShape;
import io.starfire.event.internal.RecordShape.Component;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes events of one type apart, and makes them of their parts. Immutable and thread-safe. */
public final class RecordParts {
  private final RecordShape shape;
  private final List<MethodHandle> readers = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  private RecordParts(EventType<?> type) {
    this.shape = type.shape();
    for (int i = 0; i < shape.components().size(); i++) {
      Component component = shape.components().get(i);
      readers.add(component.accessor().asType(MethodType.methodType(Object.class, Object.class)));
      parts.add(new Part(component.name(), component.javaType(), type.inRow(i)));
    }
  }

  /**
   * A component.
   *
   * @param type a primitive is its box here
   * @param inRow how it is kept in a row
   */
  public record Part(String name, Class<?> type, RowForm inRow) {}

  /**
   * The parts of a type.
   *
   * @throws StarfireException with INVALID_PIPELINE if its components are not supported
   */
  public static RecordParts of(EventType<?> type) {
    return new RecordParts(type);
  }

  /** In the order of the components. */
  public List<Part> parts() {
    return parts;
  }

  /** Writes the values of an event's components to the start of an array. */
  public void apart(Object event, @Nullable Object[] values) {
    shape.check(event);
    for (int i = 0; i < readers.size(); i++) {
      values[i] = Accessors.read(readers.get(i), event);
    }
  }

  /**
   * Makes an event.
   *
   * @param values in order of the components; the array is not used again
   * @throws StarfireException with INVALID_PIPELINE if its own constructor refuses the values
   */
  public Object together(@Nullable Object[] values) {
    try {
      return shape.newInstance(values);
    } catch (DecodingFailure e) {
      throw new StarfireException(ErrorCode.INVALID_PIPELINE, e.describe(), e);
    }
  }
}
