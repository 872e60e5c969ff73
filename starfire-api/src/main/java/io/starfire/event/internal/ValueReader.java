package io.starfire.event.internal;

import io.starfire.decoding.FieldValue;

/** Makes values of one type from fields of any format. Immutable and thread-safe. */
public abstract class ValueReader {

  /** Makes a value of a field for which {@link #isNull} is false. */
  public abstract Object read(FieldValue value);

  /** Whether a field stands for null. */
  boolean isNull(FieldValue value) {
    return value.kind() == FieldValue.Kind.NULL;
  }

  /** What null and a missing field stand for. */
  Object nullValue() {
    return null;
  }

  /** A value, or what null stands for. */
  public final Object readNullable(FieldValue value) {
    return isNull(value) ? nullValue() : read(value);
  }
}
