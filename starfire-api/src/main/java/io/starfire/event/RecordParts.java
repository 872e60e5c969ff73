package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.event.internal.RecordShape;
import io.starfire.event.internal.Shapes;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes records of one class apart, and makes them of their parts. Immutable and thread-safe. */
public final class RecordParts {
  private final RecordShape shape;
  private final List<MethodHandle> readers = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  private RecordParts(Class<? extends Record> type) {
    this.shape = Shapes.of(type);
    RecordComponent[] components = type.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      readers.add(
          shape
              .components()
              .get(i)
              .accessor()
              .asType(MethodType.methodType(Object.class, Object.class)));
      Class<?> raw = components[i].getType();
      parts.add(new Part(components[i].getName(), MethodType.methodType(raw).wrap().returnType()));
    }
  }

  /**
   * A component.
   *
   * @param type a primitive is its box here
   */
  public record Part(String name, Class<?> type) {}

  /**
   * The parts of a class.
   *
   * @throws StarfireException with INVALID_PIPELINE if it is not a record of supported types
   */
  public static RecordParts of(Class<? extends Record> type) {
    return new RecordParts(type);
  }

  /** In the order of the components. */
  public List<Part> parts() {
    return parts;
  }

  /** Writes the values of a record's components to the start of an array. */
  public void apart(Object event, @Nullable Object[] values) {
    try {
      for (int i = 0; i < readers.size(); i++) {
        values[i] = (Object) readers.get(i).invokeExact(event);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor of " + shape.type().getName() + " failed", e);
    }
  }

  /**
   * Makes a record.
   *
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
