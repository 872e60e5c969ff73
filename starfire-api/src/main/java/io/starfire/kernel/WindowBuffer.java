package io.starfire.kernel;

import java.util.List;

/**
 * The state of one stage in one task: an ordered map of bytes. The stream driver keeps it in a
 * state store with a changelog, the batch driver in memory for one key at a time. Keys are ordered
 * as unsigned bytes. Arrays that go in or come out must not be changed afterwards.
 */
public interface WindowBuffer {
  /** The value, or null. */
  byte[] get(byte[] key);

  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /**
   * The first entries of a range.
   *
   * @param from inclusive
   * @param to exclusive
   * @param limit at most this many
   * @return a copy in order, which later changes do not touch
   */
  List<Entry> scan(byte[] from, byte[] to, int limit);

  /** One entry of the map; never compared, so arrays do no harm. */
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(byte[] key, byte[] value) {}
}
