package io.starfire.serving.query.exec;

import java.util.Arrays;

/**
 * Gives each distinct long the next free small number: 0, 1, 2, … Open addressing, at most half
 * full. Not thread-safe.
 */
final class DenseIds {
  private static final int START_CAPACITY = 64;
  private static final long FIBONACCI = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[START_CAPACITY];

  /** One more than the id; 0 is a free place. */
  private int[] idsPlusOne = new int[START_CAPACITY];

  private long[] keyOfId = new long[START_CAPACITY / 2];
  private int size;

  int size() {
    return size;
  }

  long key(int id) {
    return keyOfId[id];
  }

  int idOf(long key) {
    int mask = keys.length - 1;
    int place = place(key, mask);
    while (idsPlusOne[place] != 0) {
      if (keys[place] == key) {
        return idsPlusOne[place] - 1;
      }
      place = (place + 1) & mask;
    }
    keys[place] = key;
    idsPlusOne[place] = size + 1;
    keyOfId[size] = key;
    size++;
    if (size == keyOfId.length) {
      grow();
    }
    return size - 1;
  }

  private static int place(long key, int mask) {
    long hash = key * FIBONACCI;
    return (int) (hash ^ (hash >>> 32)) & mask;
  }

  private void grow() {
    int capacity = keys.length * 2;
    keys = new long[capacity];
    idsPlusOne = new int[capacity];
    keyOfId = Arrays.copyOf(keyOfId, capacity / 2);
    for (int id = 0; id < size; id++) {
      int place = place(keyOfId[id], capacity - 1);
      while (idsPlusOne[place] != 0) {
        place = (place + 1) & (capacity - 1);
      }
      keys[place] = keyOfId[id];
      idsPlusOne[place] = id + 1;
    }
  }
}
