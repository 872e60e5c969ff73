package io.starfire.event.internal;

import java.util.List;

/** The types that a component of an event record can have. Derived once per class. */
public sealed interface ValueType {

  /** A primitive, its box, or another value that is written as one item. */
  record Scalar(Kind kind, boolean primitive) implements ValueType {}

  /** An enum; constants in order of their ordinals. */
  record EnumValue(Class<?> type, List<Enum<?>> constants) implements ValueType {}

  record OptionalValue(ValueType inner) implements ValueType {}

  record ListValue(ValueType element) implements ValueType {}

  record MapValue(ValueType value) implements ValueType {}

  record RecordValue(RecordShape shape) implements ValueType {}

  /** The kinds of {@link Scalar}. */
  enum Kind {
    STRING,
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    INSTANT,
    DECIMAL
  }
}
