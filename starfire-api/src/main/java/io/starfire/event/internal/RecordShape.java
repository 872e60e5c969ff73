package io.starfire.event.internal;

import io.starfire.decoding.DecodingFailure;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * A record class taken apart: its components with their types and accessors, and its constructor.
 * Immutable and thread-safe.
 */
public final class RecordShape {
  private final Class<?> type;
  private final List<Component> components;
  private final MethodHandle constructor;

  RecordShape(Class<?> type, List<Component> components, MethodHandle constructor) {
    this.type = type;
    this.components = List.copyOf(components);
    this.constructor = constructor;
  }

  public Class<?> type() {
    return type;
  }

  public List<Component> components() {
    return components;
  }

  /**
   * A new record; {@code values} in order of the components, boxed.
   *
   * @throws DecodingFailure if the record's own constructor refuses the values
   */
  public Object newInstance(Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new DecodingFailure(
          "the constructor of %s refuses the values: %s".formatted(type.getName(), e), e);
    }
  }

  /**
   * A component of a record.
   *
   * @param name as declared
   * @param type as derived
   * @param accessor from (Object) to the primitive, or to Object
   */
  public record Component(String name, ValueType type, MethodHandle accessor) {}
}
