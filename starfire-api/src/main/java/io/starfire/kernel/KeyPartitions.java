package io.starfire.kernel;

import io.starfire.event.KeyHash;

/** Which partition an event goes to: the same in both drivers. Stateless. */
public final class KeyPartitions {
  private KeyPartitions() {}

  /**
   * By the hash of the key; an event without key by the hash of its canonical bytes, so that such
   * events are spread, and copies of one still meet.
   *
   * @return at or above 0 and below {@code partitions}
   */
  public static int partition(byte[] key, byte[] value, int partitions) {
    return KeyHash.partition(key != null ? key : value, partitions);
  }
}
