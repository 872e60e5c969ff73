package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.AvroForms;
import io.starfire.event.internal.AvroValue;
import io.starfire.event.internal.ByteSink;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Turns keys into canonical bytes. Two keys are equal exactly if their bytes are. Keys are grouped,
 * compared and hashed ({@link KeyHash}) by these bytes. {@link KeyReader} reads the key of a group
 * back from them.
 *
 * <p>The form is a byte for the kind of value, then its Avro binary as in {@link RecordCodec}. The
 * kind tells an empty string from a zero if the two sides of a join have keys of different types.
 * An int and a long of the same value are the same key. An enum, a record or a row begins with the
 * 8-byte fingerprint of its schema. A list is the number of its items, then each item as a key;
 * kind 0 is null.
 *
 * <p>Stateless; thread-safe.
 */
public final class KeyCodec {
  private static final int NULL = 0;
  private static final int BOOLEAN = 1;
  private static final int INTEGER = 2;
  private static final int FLOAT = 3;
  private static final int DOUBLE = 4;
  private static final int STRING = 5;
  private static final int INSTANT = 6;
  private static final int DECIMAL = 7;
  private static final int ENUM = 8;
  private static final int RECORD = 9;
  private static final int LIST = 10;

  private static final int INITIAL_BYTES = 40;

  private record EnumForm(AvroValue value, long fingerprint) {}

  private static final ClassValue<EnumForm> ENUMS =
      new ClassValue<>() {
        @Override
        protected EnumForm computeValue(Class<?> type) {
          AvroValue value = AvroForms.ofEnum(type);
          return new EnumForm(value, AvroForms.fingerprint(value.schema()));
        }
      };

  private KeyCodec() {}

  /**
   * The canonical bytes of {@code key}, or null if it is null or an empty Optional. An empty string
   * is not null.
   *
   * @throws StarfireException with INVALID_PIPELINE if a value of this type cannot be a key
   */
  public static byte[] encode(Object key) {
    if (key == null || (key instanceof Optional<?> optional && optional.isEmpty())) {
      return null;
    }
    ByteSink out = new ByteSink(INITIAL_BYTES);
    write(out, key);
    return out.toByteArray();
  }

  private static void write(ByteSink out, Object key) {
    if (key == null) {
      out.writeByte(NULL);
    } else if (key instanceof String text) {
      out.writeByte(STRING);
      out.writeString(text);
    } else if (key instanceof Long || key instanceof Integer) {
      out.writeByte(INTEGER);
      out.writeLong(((Number) key).longValue());
    } else if (key instanceof Optional<?> optional) {
      write(out, optional.orElse(null));
    } else if (key instanceof List<?> list) {
      out.writeByte(LIST);
      out.writeLong(list.size());
      list.forEach(item -> write(out, item));
    } else if (!writeScalar(out, key)) {
      writeEvent(out, key);
    }
  }

  /** False if it is none. */
  private static boolean writeScalar(ByteSink out, Object key) {
    if (key instanceof Boolean value) {
      out.writeByte(BOOLEAN);
      out.writeBoolean(value);
    } else if (key instanceof Double value) {
      out.writeByte(DOUBLE);
      out.writeDouble(value);
    } else if (key instanceof Float value) {
      out.writeByte(FLOAT);
      out.writeFloat(value);
    } else if (key instanceof Instant value) {
      out.writeByte(INSTANT);
      AvroForms.INSTANT.write(out, value);
    } else if (key instanceof BigDecimal value) {
      out.writeByte(DECIMAL);
      AvroForms.DECIMAL.write(out, value);
    } else if (key instanceof Enum<?> value) {
      EnumForm form = ENUMS.get(value.getDeclaringClass());
      out.writeByte(ENUM);
      out.writeFixedLong(form.fingerprint());
      form.value().write(out, value);
    } else {
      return false;
    }
    return true;
  }

  private static void writeEvent(ByteSink out, Object key) {
    EventType<?> type = EventType.ofValue(key);
    if (type == null) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          ("a key must be a String, Boolean, Integer, Long, Float, Double, Instant, BigDecimal, an"
                  + " enum, a record, a row, or a List or Optional of these, got a %s")
              .formatted(key.getClass().getName()));
    }
    RecordCodec<?> codec = type.codec();
    out.writeByte(RECORD);
    out.writeFixedLong(codec.fingerprint());
    codec.write(out, key);
  }
}
