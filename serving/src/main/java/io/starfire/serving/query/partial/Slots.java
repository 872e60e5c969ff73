package io.starfire.serving.query.partial;

/**
 * The places of an open-addressing table, which hold numbers of entries from 0 on; at most half of
 * them are taken. Whoever uses it knows what the entries are. Not thread-safe.
 */
final class Slots {
  private static final int START = 64;

  /** One more than the number of the entry; 0 is a free place. */
  private int[] entriesPlusOne = new int[START];

  /** Where the search for a hash begins. */
  int first(int hash) {
    return hash & (entriesPlusOne.length - 1);
  }

  int next(int place) {
    return (place + 1) & (entriesPlusOne.length - 1);
  }

  /** The entry at a place; negative if it is free. */
  int entry(int place) {
    return entriesPlusOne[place] - 1;
  }

  void put(int place, int entry) {
    entriesPlusOne[place] = entry + 1;
  }

  /** Whether there is room for so many entries. */
  boolean fits(long entries) {
    return entries * 2 <= entriesPlusOne.length;
  }

  /**
   * Makes room for so many entries, and puts entries {@code [from, to)} in, all of which differ, in
   * place of what it holds.
   */
  void refill(long entries, int[] hashes, int from, int to) {
    long length = entriesPlusOne.length;
    while (length < entries * 2) {
      length *= 2;
    }
    entriesPlusOne = new int[(int) Math.min(length, 1 << 30)];
    for (int entry = from; entry < to; entry++) {
      int place = first(hashes[entry]);
      while (entriesPlusOne[place] != 0) {
        place = next(place);
      }
      entriesPlusOne[place] = entry + 1;
    }
  }

  long bytes() {
    return (long) Integer.BYTES * entriesPlusOne.length;
  }
}
