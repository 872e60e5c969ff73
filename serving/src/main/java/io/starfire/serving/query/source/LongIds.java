package io.starfire.serving.query.source;

/**
 * Numbers longs in the order of arrival, from 0 on. Open addressing; at most half of the places are
 * taken. Not thread-safe while longs are added; then thread-safe.
 */
final class LongIds {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[64];

  /** One more than the number; 0 is a free place. */
  private int[] idsPlusOne = new int[64];

  private int size;

  int add(long key) {
    int place = place(key);
    if (idsPlusOne[place] == 0) {
      if (2 * (size + 1) > keys.length) {
        grow();
        place = place(key);
      }
      keys[place] = key;
      idsPlusOne[place] = ++size;
    }
    return idsPlusOne[place] - 1;
  }

  /** Below 0 if it was not added. */
  int find(long key) {
    return idsPlusOne[place(key)] - 1;
  }

  private int place(long key) {
    long product = key * MULTIPLIER;
    int place = (int) (product ^ (product >>> 32)) & (keys.length - 1);
    while (idsPlusOne[place] != 0 && keys[place] != key) {
      place = (place + 1) & (keys.length - 1);
    }
    return place;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldIds = idsPlusOne;
    keys = new long[2 * oldKeys.length];
    idsPlusOne = new int[keys.length];
    for (int old = 0; old < oldKeys.length; old++) {
      if (oldIds[old] != 0) {
        int place = place(oldKeys[old]);
        keys[place] = oldKeys[old];
        idsPlusOne[place] = oldIds[old];
      }
    }
  }

  long bytes() {
    return 12L * keys.length;
  }
}
