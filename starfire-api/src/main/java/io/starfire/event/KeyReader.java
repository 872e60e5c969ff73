package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.event.internal.AvroForms;
import io.starfire.event.internal.AvroValue;
import io.starfire.event.internal.ByteSink;
import io.starfire.event.internal.ByteSource;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads keys of one type back from what {@link KeyCodec} wrote. Immutable and thread-safe.
 *
 * @param <K> type of the key
 */
public final class KeyReader<K> {
  /** A byte for the kind; for an enum or an event, the fingerprint of its schema follows. */
  private static final int KIND_BYTES = 1;

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
  private final String schema;
  private final byte[] head;
  private final Function<ByteSource, Object> form;

  /**
   * @param head what follows on the byte for the kind, and is the same for all keys of the type
   */
  private KeyReader(
      String typeName, String name, String schema, byte[] head, Function<ByteSource, Object> form) {
    this.typeName = typeName;
    this.name = name;
    this.schema = schema;
    this.head = head;
    this.form = form;
  }

  private static byte[] head(long fingerprint) {
    ByteSink out = new ByteSink(Long.BYTES);
    out.writeFixedLong(fingerprint);
    return out.toByteArray();
  }

  /**
   * The reader of a type.
   *
   * @throws StarfireException with INVALID_PIPELINE if such a key cannot be read back
   */
  public static <K> KeyReader<K> of(Class<K> type) {
    Function<ByteSource, Object> scalar = SCALARS.get(type);
    if (scalar != null) {
      String name = type.getName();
      return new KeyReader<>(name, type.getSimpleName(), name, new byte[0], scalar);
    }
    if (type.isEnum()) {
      AvroValue value = AvroForms.ofEnum(type);
      return new KeyReader<>(
          type.getName(),
          type.getSimpleName(),
          value.schema().toString(),
          head(AvroForms.fingerprint(value.schema())),
          value::read);
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
    return new KeyReader<>(
        type.fullName(), type.name(), codec.schemaJson(), head(codec.fingerprint()), codec::read);
  }

  /** What the bytes of keys depend on: the name of a class, or the schema of an enum or event. */
  public String schema() {
    return schema;
  }

  /** The name of the type of the keys, without its package. */
  public String name() {
    return name;
  }

  /**
   * Reads a key.
   *
   * @throws StarfireException with CORRUPT if the bytes are not those of such a key; with
   *     INVALID_PIPELINE if they are those of a record or row of another type
   */
  @SuppressWarnings("unchecked") // the form reads what keys of this type are written as
  public K read(byte[] key) {
    int start = KIND_BYTES + head.length;
    if (key.length >= start && !Arrays.equals(key, KIND_BYTES, start, head, 0, head.length)) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the function of the key gives another type of key than %s".formatted(typeName));
    }
    try {
      ByteSource in = new ByteSource(key, start, key.length - start);
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
