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

  private final String typeName;
  private final String name;
  private final int skippedBytes;
  private final Function<ByteSource, Object> form;

  private KeyReader(
      String typeName, String name, int skippedBytes, Function<ByteSource, Object> form) {
    this.typeName = typeName;
    this.name = name;
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
      return new KeyReader<>(type.getName(), type.getSimpleName(), KIND_BYTES, scalar);
    }
    if (type.isEnum()) {
      AvroValue value = AvroForms.ofEnum(type);
      return new KeyReader<>(type.getName(), type.getSimpleName(), NAMED_BYTES, value::read);
    }
    if (type.isRecord()) {
      return of(new RecordType<>(type));
    }
    throw new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        ("the key of a group must be a String, Boolean, Integer, Long, Float, Double, Instant,"
                + " BigDecimal, an enum, a record or a row, got a %s")
            .formatted(type.getName()));
  }

  /**
   * The reader of keys that are events.
   *
   * @throws StarfireException with INVALID_PIPELINE if such a key cannot be read back
   */
  public static <K> KeyReader<K> of(EventType<K> type) {
    RecordCodec<K> codec = type.codec();
    return new KeyReader<>(type.fullName(), type.name(), NAMED_BYTES, codec::read);
  }

  /** The name of the type of the keys, with its package. */
  public String typeName() {
    return typeName;
  }

  /** The name of the type of the keys, without its package. */
  public String name() {
    return name;
  }

  /**
   * Reads a key.
   *
   * @throws StarfireException with CORRUPT if the bytes are not those of such a key
   */
  @SuppressWarnings("unchecked") // the form reads what keys of this type are written as
  public K read(byte[] key) {
    try {
      ByteSource in = new ByteSource(key, skippedBytes, key.length - skippedBytes);
      Object value = form.apply(in);
      in.requireEnd();
      return (K) value;
    } catch (DecodingFailure | IndexOutOfBoundsException e) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "%d bytes are not a key of type %s: %s".formatted(key.length, typeName, e),
          e);
    }
  }
}
