package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.JavaValue;
import io.starfire.decoding.TimeFormat;
import io.starfire.event.internal.DataReaders;
import io.starfire.event.internal.ValueReader;

/**
 * Turns values into another type, by the rules by which the values of a source are read. Immutable
 * and thread-safe.
 */
public final class FieldCast {
  private final FieldType type;
  private final ValueReader reader;

  public FieldCast(FieldType type) {
    this.type = type;
    this.reader = DataReaders.of(type.valueType(), TimeFormat.AUTO);
  }

  /**
   * The value in the other type; null for null.
   *
   * @throws StarfireException with INVALID_PIPELINE if it has none
   */
  public Object apply(Object value) {
    if (value == null) {
      return null;
    }
    try {
      return reader.readNullable(JavaValue.of(value));
    } catch (DecodingFailure e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "'%s' cannot be turned into a %s: %s".formatted(value, type.required(), e.describe()),
          e);
    }
  }
}
