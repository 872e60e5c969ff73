package io.starfire.batch.job;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.hadoop.io.WritableComparable;

/**
 * What one task sends to another: an event on an edge, a row for a data source, a result for files,
 * or a line about a record that could not be read. In MapReduce it is a key without a value.
 * Deliveries are ordered by kind, key, time, edge and value; bytes are compared as unsigned ones. A
 * kernel needs the events of a key in this order.
 *
 * <p>Form: kind (1 byte), length of the key (4, -1 for none), key, time (8), edge (4), length of
 * the value (4), value. Numbers are big-endian. All but the -1 are at least 0, so that they sort
 * like their bytes. Mutable, because Hadoop requires that of keys. For one thread. Arrays are not
 * copied.
 */
public final class Delivery implements WritableComparable<Delivery> {
  /** The kind of a delivery. */
  public enum Kind {
    /** An event with a key. */
    KEYED(0),
    /** An event without a key. */
    UNKEYED(1),
    /** A row of a data source, whose key is the shard once it is known; or a result for files. */
    ROW(2),
    /** A line for the dead letters. */
    DEAD_LETTER(3);

    private static final Kind[] BY_CODE = {KEYED, UNKEYED, ROW, DEAD_LETTER};

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private static final int NO_KEY = -1;

  private Kind kind = Kind.UNKEYED;
  private byte[] key;
  private long timeMillis;
  private int edge;
  private byte[] value = {};

  /** For Hadoop, which then reads fields into it. */
  public Delivery() {}

  private Delivery(Kind kind, int edge, byte[] key, long timeMillis, byte[] value) {
    this.kind = kind;
    this.edge = edge;
    this.key = key;
    this.timeMillis = timeMillis;
    this.value = value;
  }

  /**
   * An event on a shuffle.
   *
   * @param edge index of the shuffle in the plan's shuffles
   * @param key canonical bytes, or null
   */
  public static Delivery event(int edge, byte[] key, long timeMillis, byte[] value) {
    return new Delivery(key == null ? Kind.UNKEYED : Kind.KEYED, edge, key, timeMillis, value);
  }

  /**
   * A row of a data source, or a result for files.
   *
   * @param sink index of the sink in the plan's sinks
   * @param shard key of the shard, or null while it is not known
   */
  public static Delivery row(int sink, byte[] shard, long timeMillis, byte[] value) {
    return new Delivery(Kind.ROW, sink, shard, timeMillis, value);
  }

  /** A line for the dead letters of a source, by its index in the plan's sources. */
  public static Delivery deadLetter(int source, byte[] line) {
    return new Delivery(Kind.DEAD_LETTER, source, null, 0, line);
  }

  public Kind kind() {
    return kind;
  }

  /** Null if there is none. */
  public byte[] key() {
    return key;
  }

  public long timeMillis() {
    return timeMillis;
  }

  public int edge() {
    return edge;
  }

  public byte[] value() {
    return value;
  }

  /** Of its form, in bytes. */
  int size() {
    return 1 + 3 * Integer.BYTES + Long.BYTES + (key == null ? 0 : key.length) + value.length;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(kind.code);
    if (key == null) {
      out.writeInt(NO_KEY);
    } else {
      out.writeInt(key.length);
      out.write(key);
    }
    out.writeLong(timeMillis);
    out.writeInt(edge);
    out.writeInt(value.length);
    out.write(value);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    kind = Kind.BY_CODE[in.readByte()];
    int keyLength = in.readInt();
    key = keyLength == NO_KEY ? null : new byte[keyLength];
    if (key != null) {
      in.readFully(key);
    }
    timeMillis = in.readLong();
    edge = in.readInt();
    value = new byte[in.readInt()];
    in.readFully(value);
  }

  @Override
  public int compareTo(Delivery other) {
    int order = compareGroup(other);
    if (order == 0) {
      order = Long.compare(timeMillis, other.timeMillis);
    }
    if (order == 0) {
      order = Integer.compare(edge, other.edge);
    }
    return order != 0 ? order : Arrays.compareUnsigned(value, other.value);
  }

  /** Orders by kind and key alone: what is equal is reduced together. */
  public int compareGroup(Delivery other) {
    int order = Integer.compare(kind.code, other.kind.code);
    return order != 0 ? order : Arrays.compareUnsigned(key, other.key);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Delivery other && compareTo(other) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, Arrays.hashCode(key), timeMillis, edge, Arrays.hashCode(value));
  }

  @Override
  public String toString() {
    return "%s on %d at %d, key %s, value %s"
        .formatted(kind, edge, timeMillis, Arrays.toString(key), Arrays.toString(value));
  }
}
