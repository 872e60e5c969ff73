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
 * </ul>
 */
final class BufferKeys {
  private static final int TIME_BYTES = Long.BYTES;
  private static final byte[] NOTHING = {};

  private BufferKeys() {}

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

  static byte kindOf(byte[] indexKey) {
    return indexKey[1 + TIME_BYTES];
  }

  static byte[] keyOf(byte[] indexKey) {
    int keyAt = 1 + TIME_BYTES + 1 + Integer.BYTES;
    return Arrays.copyOfRange(indexKey, keyAt, indexKey.length - TIME_BYTES);
  }

  static long timeOfIndex(byte[] indexKey) {
    return ByteBuffer.wrap(indexKey).getLong(indexKey.length - TIME_BYTES);
  }
}
