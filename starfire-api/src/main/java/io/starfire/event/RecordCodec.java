package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.event.internal.AvroForms;
import io.starfire.event.internal.AvroValue;
import io.starfire.event.internal.ByteSink;
import io.starfire.event.internal.ByteSource;

/**
 * Writes events of a type as Avro binary, with a schema derived from the type, and reads them back.
 *
 * <p>It writes the <em>canonical bytes</em> of a value: two values are the same exactly if these
 * bytes are. Map entries are sorted by the UTF-8 bytes of their keys, each array and map is one
 * block, {@code -0.0} is written as {@code 0.0}, all NaNs are the same NaN, decimals have no
 * trailing zeros, and instants are cut to milliseconds. It reads any Avro binary of the schema.
 *
 * <p>Components of Java records may be String, boolean, int, long, float, double and their boxes,
 * Instant, BigDecimal (an Avro string), enums, further records, and {@code Optional}, {@code List}
 * and {@code Map<String, X>} of these. Every component that is not primitive may be null; a null
 * Optional comes back as an empty one. Lists and maps come back unmodifiable.
 *
 * <p>Immutable and thread-safe. There is one codec for each record class, and for each schema of
 * rows.
 */
public final class RecordCodec<T> {
  private static final int INITIAL_BYTES = 128;

  private final EventType<T> type;
  private final AvroValue form;
  private final String schemaJson;
  private final long fingerprint;

  RecordCodec(EventType<T> type) {
    this.type = type;
    this.form = AvroForms.ofRecord(type.shape());
    this.schemaJson = form.schema().toString();
    this.fingerprint = AvroForms.fingerprint(form.schema());
  }

  /**
   * The codec of a record class.
   *
   * @throws StarfireException with INVALID_PIPELINE if the class is not a record, or if a
   *     component's type is not supported; the message names the component and the supported types
   */
  public static <T> RecordCodec<T> of(Class<T> recordType) {
    return new RecordType<>(recordType).codec();
  }

  public EventType<T> type() {
    return type;
  }

  /** The derived Avro schema, as JSON. */
  public String schemaJson() {
    return schemaJson;
  }

  /** CRC-64-AVRO of the schema's parsing canonical form. */
  public long fingerprint() {
    return fingerprint;
  }

  /**
   * The canonical bytes of {@code value}, which must not be null.
   *
   * @throws StarfireException with INVALID_INPUT if a map in it has a null key, or an instant is
   *     beyond 64 bits of milliseconds
   */
  public byte[] encode(T value) {
    ByteSink out = new ByteSink(INITIAL_BYTES);
    form.write(out, requireNonNull(value, "value"));
    return out.toByteArray();
  }

  /** Writes a value that is known to be of the type. */
  void write(ByteSink out, Object value) {
    form.write(out, value);
  }

  Object read(ByteSource in) {
    return form.read(in);
  }

  /**
   * Reads a value from the whole of {@code bytes}.
   *
   * @throws StarfireException with CORRUPT if the bytes are not such a value, end early, or go on
   *     after it
   */
  public T decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /**
   * Reads a value from {@code length} bytes at {@code offset}.
   *
   * @throws StarfireException with CORRUPT if the bytes are not such a value, end early, or go on
   *     after it
   */
  public T decode(byte[] bytes, int offset, int length) {
    ByteSource in = new ByteSource(bytes, offset, length);
    try {
      T value = type.cast(form.read(in));
      in.requireEnd();
      return value;
    } catch (DecodingFailure e) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "%d bytes are not a %s: %s".formatted(length, type.fullName(), e.describe()),
          e);
    }
  }

  /**
   * The value as encoding and decoding would return it: instants are cut to milliseconds, {@code
   * -0.0} is {@code 0.0}, all NaNs are the same NaN, and maps are in canonical order. Most values
   * are like that already. That costs a look at each component, and they are returned as they are:
   * {@link Record} demands that a record is equal to one that is made of what its accessors say.
   */
  public T normalise(T value) {
    if (form.isCanonical(requireNonNull(value, "value"))) {
      return value;
    }
    return decode(encode(value));
  }
}
