package io.starfire.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of a {@link WindowBuffer}. Times are at least 0, so that their big-endian bytes sort
 * like numbers. A key's length comes before it, so that no key is a prefix of another.
 *
 * <ul>
 *   <li>an event: {@code kind, length of key, key, time, value}
 *   <li>an index entry: {@code kind of index entries, due time, kind, length of key, key, time};
 *       all events of one kind, key and time fall due together
 *   <li>a row of {@link SpilledState}: an index entry, {@code value}
 *   <li>a place of it: {@code kind, length of key, key, time, due time}
 * </ul>
 */
final class BufferKeys {
  private static final int TIME_BYTES = Long.BYTES;
  private static final int KEY_OF_INDEX_AT = 1 + TIME_BYTES + 1 + Integer.BYTES;
  private static final int MAX_KERNELS = 120 / (KernelState.MAX_KIND + 1);
  private static final byte[] NOTHING = {};

  private BufferKeys() {}

  /**
   * The kind of the index entries of a kernel. What it calls kind 1 is 1 above it, and so on.
   *
   * @param kernel the number of the kernel in its stage, from 0
   */
  static byte indexKind(int kernel) {
    if (kernel < 0 || kernel >= MAX_KERNELS) {
      throw new IllegalArgumentException(
          "a stage has at most %d kernels, got number %d".formatted(MAX_KERNELS, kernel));
    }
    return (byte) (kernel * (KernelState.MAX_KIND + 1));
  }

  static byte[] event(byte kind, byte[] key, long timeMillis, byte[] value) {
    return ByteBuffer.allocate(1 + Integer.BYTES + key.length + TIME_BYTES + value.length)
        .put(kind)
        .putInt(key.length)
        .put(key)
        .putLong(timeMillis)
        .put(value)
        .array();
  }

  /** The start of all events of a kind and key from a time on. */
  static byte[] from(byte kind, byte[] key, long timeMillis) {
    return event(kind, key, timeMillis, NOTHING);
  }

  static long timeOf(byte[] eventKey) {
    ByteBuffer buffer = ByteBuffer.wrap(eventKey);
    return buffer.getLong(1 + Integer.BYTES + buffer.getInt(1));
  }

  static byte[] valueOf(byte[] eventKey) {
    int valueAt = 1 + Integer.BYTES + ByteBuffer.wrap(eventKey).getInt(1) + TIME_BYTES;
    return Arrays.copyOfRange(eventKey, valueAt, eventKey.length);
  }

  static byte[] index(byte indexKind, long dueMillis, byte kind, byte[] key, long timeMillis) {
    return ByteBuffer.allocate(1 + TIME_BYTES + 1 + Integer.BYTES + key.length + TIME_BYTES)
        .put(indexKind)
        .putLong(dueMillis)
        .put(kind)
        .putInt(key.length)
        .put(key)
        .putLong(timeMillis)
        .array();
  }

  /** The start of all index entries that fall due at a time or later. */
  static byte[] indexFrom(byte indexKind, long dueMillis) {
    return ByteBuffer.allocate(1 + TIME_BYTES).put(indexKind).putLong(dueMillis).array();
  }

  /** An event that stands where its index entry would. */
  static byte[] row(
      byte rowKind, long dueMillis, byte kind, byte[] key, long timeMillis, byte[] value) {
    byte[] index = index(rowKind, dueMillis, kind, key, timeMillis);
    if (value.length == 0) {
      return index;
    }
    byte[] row = Arrays.copyOf(index, index.length + value.length);
    System.arraycopy(value, 0, row, index.length, value.length);
    return row;
  }

  /** When the rows of a kind, key and time are due. */
  static byte[] place(byte kind, byte[] key, long timeMillis, long dueMillis) {
    return ByteBuffer.allocate(1 + Integer.BYTES + key.length + 2 * TIME_BYTES)
        .put(kind)
        .putInt(key.length)
        .put(key)
        .putLong(timeMillis)
        .putLong(dueMillis)
        .array();
  }

  static byte[] keyOfPlace(byte[] place) {
    int keyAt = 1 + Integer.BYTES;
    return Arrays.copyOfRange(place, keyAt, keyAt + ByteBuffer.wrap(place).getInt(1));
  }

  static long dueOfPlace(byte[] place) {
    return ByteBuffer.wrap(place).getLong(place.length - TIME_BYTES);
  }

  static byte kindOf(byte[] indexKey) {
    return indexKey[1 + TIME_BYTES];
  }

  static byte[] keyOf(byte[] indexKey) {
    return Arrays.copyOfRange(indexKey, KEY_OF_INDEX_AT, endOfKey(indexKey));
  }

  static long timeOfIndex(byte[] indexKey) {
    return ByteBuffer.wrap(indexKey).getLong(endOfKey(indexKey));
  }

  /** Of an index entry, a row, or the start of some. */
  static long dueOf(byte[] indexKey) {
    return ByteBuffer.wrap(indexKey).getLong(1);
  }

  static byte[] valueOfRow(byte[] row) {
    return Arrays.copyOfRange(row, endOfKey(row) + TIME_BYTES, row.length);
  }

  /** Behind all rows of the kind, key and time of one. */
  static byte[] behindGroup(byte[] row) {
    int timeAt = endOfKey(row);
    byte[] end = Arrays.copyOf(row, timeAt + TIME_BYTES);
    ByteBuffer.wrap(end).putLong(timeAt, timeOfIndex(row) + 1);
    return end;
  }

  /** The first key behind one. */
  static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static int endOfKey(byte[] indexKey) {
    return KEY_OF_INDEX_AT + ByteBuffer.wrap(indexKey).getInt(KEY_OF_INDEX_AT - Integer.BYTES);
  }
}
