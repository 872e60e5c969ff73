package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.event.internal.AvroForms;
import io.starfire.event.internal.AvroValue;
import io.starfire.event.internal.ByteSource;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads keys of one type back from what {@link KeyCodec} wrote. Immutable and thread-safe.
 *
 * @param <K> type of the key
 */
public final class KeyReader<K> {
  /** A byte for the kind, and for an enum or a record the fingerprint of its schema. */
  private static final int KIND_BYTES = 1;

  private static final int NAMED_BYTES = KIND_BYTES + Long.BYTES;

  private static final Map<Class<?>, Function<ByteSource, Object>> SCALARS =
      Map.of(
          String.class, ByteSource::readString,
          Boolean.class, ByteSource::readBoolean,
          Integer.class, ByteSource::readInt,
          Long.class, ByteSource::readLong,
          Float.class, ByteSource::readFloat,
          Double.class, ByteSource::readDouble,
          Instant.class, AvroForms.INSTANT::read,
          BigDecimal.class, AvroForms.DECIMAL::read);

  private final Class<K> type;
  private final int skippedBytes;
  private final Function<ByteSource, Object> form;

  private KeyReader(Class<K> type, int skippedBytes, Function<ByteSource, Object> form) {
    this.type = type;
    this.skippedBytes = skippedBytes;
    this.form = form;
  }

  /**
   * The reader of a type.
   *
   * @throws StarfireException with INVALID_PIPELINE if such a key cannot be read back
   */
  public static <K> KeyReader<K> of(Class<K> type) {
    Function<ByteSource, Object> scalar = SCALARS.get(type);
    if (scalar != null) {
      return new KeyReader<>(type, KIND_BYTES, scalar);
    }
    if (type.isEnum()) {
      AvroValue value = AvroForms.ofEnum(type);
      return new KeyReader<>(type, NAMED_BYTES, value::read);
    }
    if (type.isRecord()) {
      RecordCodec<?> codec = RecordCodec.of(type);
      return new KeyReader<>(type, NAMED_BYTES, codec::read);
    }
    throw new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        ("the key of a group must be a String, Boolean, Integer, Long, Float, Double, Instant,"
                + " BigDecimal, an enum or a record, got a %s")
            .formatted(type.getName()));
  }

  /**
   * Reads a key.
   *
   * @throws StarfireException with CORRUPT if the bytes are not those of such a key
   */
  public K read(byte[] key) {
    try {
      ByteSource in = new ByteSource(key, skippedBytes, key.length - skippedBytes);
      Object value = form.apply(in);
      in.requireEnd();
      return type.cast(value);
    } catch (DecodingFailure | IndexOutOfBoundsException e) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "%d bytes are not a key of type %s: %s".formatted(key.length, type.getName(), e),
          e);
    }
  }
}
