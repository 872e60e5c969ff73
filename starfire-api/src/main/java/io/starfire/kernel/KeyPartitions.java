package io.starfire.kernel;

import io.starfire.event.KeyHash;

/** Chooses the partition of an event, in the same way in both drivers. Stateless; thread-safe. */
public final class KeyPartitions {
  private KeyPartitions() {}

  /**
   * The partition by the hash of the key. Without a key, the hash of the event's canonical bytes is
   * used: such events are spread, and copies of one event still meet.
   *
   * @param key canonical bytes of the key; null if there is none
   * @param value canonical bytes of the event
   * @return from 0, inclusive, to {@code partitions}, exclusive
   */
  public static int partition(byte[] key, byte[] value, int partitions) {
    return KeyHash.partition(key != null ? key : value, partitions);
  }
}
