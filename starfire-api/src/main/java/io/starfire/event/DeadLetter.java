package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A record that could not be used, with the reason and the place where the whole record is. The
 * stream driver and the real-time node write it to a dead-letter topic, with the fields as headers
 * whose names begin with {@code starfire.}; the batch driver writes it as a line of JSON.
 * Immutable; arrays are not copied.
 *
 * <p>The fields are below. A field that is not known is left out.
 *
 * <ul>
 *   <li>{@code outcome}, {@code reason}, {@code operator}, {@code source}
 *   <li>{@code content}: {@code raw} if key and value are those of the record as it came, {@code
 *       canonical} if they are the canonical bytes of the event and its key, {@code row} if the
 *       value is a row of a data source
 *   <li>for a Kafka record {@code topic}, {@code partition}, {@code offset} and {@code timestamp}
 *       (milliseconds since the epoch)
 *   <li>for a record of a file {@code file} and {@code position}
 *   <li>if key or value were cut: the length of the whole in {@code keyBytes} or {@code
 *       valueBytes}, and its SHA-256 digest in hexadecimal in {@code keySha256} or {@code
 *       valueSha256}
 * </ul>
 *
 * @param fields by name; a value is a String or a Long
 * @param key may be null
 * @param value may be null
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
public record DeadLetter(Map<String, Object> fields, byte[] key, byte[] value) {
  public static final String OUTCOME = "outcome";
  public static final String REASON = "reason";
  public static final String OPERATOR = "operator";
  public static final String CONTENT = "content";
  public static final String SOURCE = "source";
  public static final String TOPIC = "topic";
  public static final String PARTITION = "partition";
  public static final String OFFSET = "offset";
  public static final String TIMESTAMP = "timestamp";
  public static final String FILE = "file";
  public static final String POSITION = "position";
  public static final String KEY_BYTES = "keyBytes";
  public static final String KEY_SHA256 = "keySha256";
  public static final String VALUE_BYTES = "valueBytes";
  public static final String VALUE_SHA256 = "valueSha256";

  private static final int MAX_REASON = 1_000;
  private static final String MAX_BYTES = "starfire.dead-letters.max-bytes";
  private static final int LARGEST = 64 << 20;

  public DeadLetter {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(requireNonNull(fields, "fields")));
  }

  /** Begins a dead letter. */
  public static Builder of(Outcome outcome, String reason) {
    return new Builder(outcome, reason);
  }

  /** The {@code starfire.dead-letters.max-bytes} of a configuration, for {@link #cutTo}. */
  public static int maxBytes(StarfireConfig config) {
    return requireMaxBytes(config.bytes(MAX_BYTES));
  }

  /**
   * Checks a limit.
   *
   * @throws StarfireException with INVALID_INPUT if it is not from 0 to 64 MB
   */
  public static int requireMaxBytes(long maxBytes) {
    if (maxBytes < 0 || maxBytes > LARGEST) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%s must be from 0 to %d, got %d".formatted(MAX_BYTES, LARGEST, maxBytes));
    }
    return (int) maxBytes;
  }

  /**
   * The letter with its key and its value cut to their first {@code maxBytes} bytes each. The whole
   * record can be found by its coordinates, and checked by length and digest.
   *
   * @param maxBytes limit of the key and limit of the value, inclusive; at least 0
   */
  public DeadLetter cutTo(int maxBytes) {
    if (length(key) <= maxBytes && length(value) <= maxBytes) {
      return this;
    }
    Map<String, Object> all = new LinkedHashMap<>(fields);
    byte[] shortKey = cut(key, maxBytes, KEY_BYTES, KEY_SHA256, all);
    byte[] shortValue = cut(value, maxBytes, VALUE_BYTES, VALUE_SHA256, all);
    return new DeadLetter(all, shortKey, shortValue);
  }

  private static byte[] cut(
      byte[] whole,
      int maxBytes,
      String lengthField,
      String digestField,
      Map<String, Object> into) {
    if (length(whole) <= maxBytes) {
      return whole;
    }
    // If it was cut before, the length and the digest of the whole are there already.
    into.putIfAbsent(lengthField, (long) whole.length);
    into.putIfAbsent(digestField, sha256(whole));
    return Arrays.copyOf(whole, maxBytes);
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Puts a dead letter together. Not thread-safe. */
  public static final class Builder {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private byte[] key;
    private byte[] value;

    private Builder(Outcome outcome, String reason) {
      fields.put(OUTCOME, outcome.name());
      fields.put(REASON, shortened(requireNonNull(reason, "reason")));
    }

    /** A reason may quote a value of any length. */
    private static String shortened(String reason) {
      return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "...";
    }

    /** The operator of the plan that could not use the record. */
    public Builder operator(String name) {
      fields.put(OPERATOR, name);
      return this;
    }

    /** Key and value as the record came; both may be null. */
    public Builder raw(byte[] rawKey, byte[] rawValue) {
      return content("raw", rawKey, rawValue);
    }

    /** The canonical bytes of an event, and of its key, which may be null. */
    public Builder canonical(byte[] eventKey, byte[] event) {
      return content("canonical", eventKey, event);
    }

    /** A row that was made of the event. */
    public Builder row(byte[] row) {
      return content("row", null, row);
    }

    private Builder content(String kind, byte[] newKey, byte[] newValue) {
      fields.put(CONTENT, kind);
      key = newKey;
      value = newValue;
      return this;
    }

    /** The source of the plan that the record belongs to. */
    public Builder source(String name) {
      fields.put(SOURCE, name);
      return this;
    }

    /** Where in Kafka the record is. */
    public Builder at(String topic, int partition, long offset) {
      fields.put(TOPIC, topic);
      return partition(partition).offset(offset);
    }

    /** The partition of a record; its source tells the topic. */
    public Builder partition(int number) {
      fields.put(PARTITION, (long) number);
      return this;
    }

    /** The offset in the partition. */
    public Builder offset(long offset) {
      fields.put(OFFSET, offset);
      return this;
    }

    /** The record's own timestamp, in milliseconds. */
    public Builder timestamp(long millis) {
      fields.put(TIMESTAMP, millis);
      return this;
    }

    /** Where the record is, if it was read from a file. */
    public Builder file(String name) {
      fields.put(FILE, name);
      return this;
    }

    /** Where in the file the record is: the offset of its first byte, or the number of its row. */
    public Builder position(long position) {
      fields.put(POSITION, position);
      return this;
    }

    public DeadLetter build() {
      return new DeadLetter(fields, key, value);
    }
  }
}
