package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.RecordShape;
import io.starfire.event.internal.RecordShape.Component;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.Function;

/**
 * The type of the events of a stream: their fields, their schema and their codec. There are two
 * kinds: a Java record, and a schema of {@link Row}s that is known only at run time. All that
 * reads, writes, compares or stores events works with both in the same way.
 *
 * <p>Immutable and thread-safe. Two types are equal if their events are interchangeable.
 *
 * @param <T> the class of the events
 */
public abstract sealed class EventType<T> permits RecordType, RowSchema {
  EventType() {}

  /**
   * The type of the events that are Java records of a class. The class is looked at when the type
   * is used: it may turn out then that it cannot be an event, which is INVALID_PIPELINE.
   */
  public static <T extends Record> EventType<T> of(Class<T> recordType) {
    return new RecordType<>(recordType);
  }

  /** The type of a record or a row; null for a value of any other class. */
  static EventType<?> ofValue(Object value) {
    if (value instanceof Record) {
      return new RecordType<>(value.getClass());
    }
    return value instanceof Row row ? row.schema() : null;
  }

  /** Its name without a package. */
  public abstract String name();

  /** What it is in a few words; of rows, also the fields. */
  public abstract String describe();

  /** Its name in messages. */
  public abstract String fullName();

  /**
   * Writes and reads its events.
   *
   * @throws StarfireException with INVALID_PIPELINE if they cannot be written; the message names
   *     the field
   */
  public abstract RecordCodec<T> codec();

  /** The parts that codecs and readers are derived from; errors as of {@link #codec}. */
  abstract RecordShape shape();

  /** How a field is kept in a row. */
  abstract RowForm inRow(int index);

  /** The event as this type's class. */
  abstract T cast(Object event);

  /** The Avro schema, as JSON; errors as of {@link #codec}. */
  public final String schemaJson() {
    return codec().schemaJson();
  }

  /** The names of the fields, in their order; errors as of {@link #codec}. */
  public final List<String> fieldNames() {
    return shape().components().stream().map(Component::name).toList();
  }

  /**
   * A function that reads a field. That there is such a field is checked now, and not when an event
   * is read.
   *
   * @param type of the field; that of a primitive is its box
   * @throws StarfireException with INVALID_PIPELINE if there is no such field, or it has another
   *     type
   */
  public final <V> Function<T, V> field(String name, Class<V> type) {
    Component field = component(name);
    if (!type.isAssignableFrom(field.javaType())) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "field '%s' of %s has the type %s, and is asked for as %s; name the class of its values"
              .formatted(
                  name, fullName(), FieldType.nameOf(field.javaType()), FieldType.nameOf(type)));
    }
    return reader(field, type);
  }

  private <V> Function<T, V> reader(Component field, Class<V> type) {
    MethodHandle accessor =
        field.accessor().asType(MethodType.methodType(Object.class, Object.class));
    RecordShape shape = shape();
    return event -> {
      shape.check(event);
      return type.cast(Accessors.read(accessor, event));
    };
  }

  /** A field; INVALID_PIPELINE if there is none of this name. */
  final Component component(String name) {
    for (Component component : shape().components()) {
      if (component.name().equals(name)) {
        return component;
      }
    }
    throw new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "%s has no field '%s'; it has %s".formatted(fullName(), name, fieldNames()));
  }

  @Override
  public String toString() {
    return fullName();
  }
}
