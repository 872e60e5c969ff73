package io.starfire.decoding;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;

/**
 * A record as it came, before it is decoded. A line of a file is a record that has only a value.
 *
 * <p>The value is a range of an array, so that lines need not be copied. Arrays are not copied;
 * they must not be changed. Then it is immutable and thread-safe.
 */
public final class RawRecord {
  /** The partition, offset or timestamp of a record that has none. */
  public static final long NONE = -1;

  private final String topic;
  private final int partition;
  private final long offset;
  private final long timestampMillis;
  private final byte[] key;
  private final byte[] bytes;
  private final int from;
  private final int to;
  private final List<Header> headers;

  /** A header of a Kafka record. */
  public static final class Header {
    private final String name;
    private final byte[] value;

    /**
     * @param value may be null
     */
    public Header(String name, byte[] value) {
      this.name = requireNonNull(name, "name");
      this.value = value;
    }

    public String name() {
      return name;
    }

    /** May be null. */
    public byte[] value() {
      return value;
    }
  }

  private RawRecord(
      String topic,
      int partition,
      long offset,
      long timestampMillis,
      byte[] key,
      byte[] bytes,
      int from,
      int to,
      List<Header> headers) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestampMillis = timestampMillis;
    this.key = key;
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.headers = headers;
  }

  /** A record that has only a value, which may be null. */
  public static RawRecord ofValue(byte[] value) {
    return value == null
        ? new RawRecord(null, (int) NONE, NONE, NONE, null, null, 0, 0, List.of())
        : ofValue(value, 0, value.length);
  }

  /**
   * A record that has only a value, which is a part of an array, such as a line in a buffer.
   *
   * @param offset of the value's first byte
   * @param length of the value in bytes
   */
  public static RawRecord ofValue(byte[] bytes, int offset, int length) {
    requireNonNull(bytes, "bytes");
    return new RawRecord(
        null, (int) NONE, NONE, NONE, null, bytes, offset, offset + length, List.of());
  }

  /**
   * A record of Kafka, or of the archive of a topic.
   *
   * @param partition of the topic
   * @param offset in the partition
   * @param timestampMillis milliseconds since the epoch; {@link #NONE} if it has none
   * @param key may be null
   * @param value may be null
   */
  public static RawRecord ofTopic(
      String topic,
      int partition,
      long offset,
      long timestampMillis,
      byte[] key,
      byte[] value,
      List<Header> headers) {
    return new RawRecord(
        requireNonNull(topic, "topic"),
        partition,
        offset,
        timestampMillis,
        key,
        value,
        0,
        value == null ? 0 : value.length,
        List.copyOf(headers));
  }

  /** The topic; null for a line of a file. */
  public String topic() {
    return topic;
  }

  /** The partition; {@link #NONE} for a line of a file. */
  public int partition() {
    return partition;
  }

  /** The offset in its partition; {@link #NONE} for a line of a file. */
  public long offset() {
    return offset;
  }

  /** The Kafka timestamp in milliseconds since the epoch; {@link #NONE} if there is none. */
  public long timestampMillis() {
    return timestampMillis;
  }

  /** The key; may be null. */
  public byte[] key() {
    return key;
  }

  public List<Header> headers() {
    return headers;
  }

  public boolean hasValue() {
    return bytes != null;
  }

  /** The array that the value is in, or null if there is no value. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the value begins in {@link #bytes}. */
  public int valueFrom() {
    return from;
  }

  /** Where the value ends in {@link #bytes}, exclusive. */
  public int valueTo() {
    return to;
  }

  /** The value in an array of exactly its length; null if there is no value. */
  public byte[] value() {
    return bytes == null || (from == 0 && to == bytes.length)
        ? bytes
        : Arrays.copyOfRange(bytes, from, to);
  }
}
