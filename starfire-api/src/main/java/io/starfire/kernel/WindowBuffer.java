package io.starfire.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one stage in one task: a map from bytes to bytes, ordered by key as unsigned bytes.
 * The stream driver can keep it on the disk; the batch driver keeps it in memory, for one key at a
 * time. Do not change an array after passing it in or receiving it. Not thread-safe.
 */
public interface WindowBuffer {
  /** The value of a key; null if there is none. */
  byte @Nullable [] get(byte[] key);

  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /**
   * Deletes a range.
   *
   * @param from inclusive
   * @param to exclusive
   */
  void deleteRange(byte[] from, byte[] to);

  /**
   * The first entries of a range.
   *
   * @param from inclusive
   * @param to exclusive
   * @param limit the largest number of entries, inclusive
   * @return the entries in order; a copy of the caller's own, which changes with the map no more
   */
  List<Entry> scan(byte[] from, byte[] to, int limit);

  /** One entry of the map. Entries are never compared, so that arrays are harmless. */
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(byte[] key, byte[] value) {}
}
