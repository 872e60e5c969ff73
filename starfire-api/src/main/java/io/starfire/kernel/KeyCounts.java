package io.starfire.kernel;

import io.starfire.event.KeyHash;

/**
 * How many things there are of a kind and key, known by a hash of 32 bits: two keys can count
 * together, so there is never too little. So most of what is not there needs no look at the disk. A
 * slot takes 8 bytes, and between a quarter and three quarters of the slots are used. Not
 * thread-safe.
 */
final class KeyCounts {
  private static final int FIRST_SLOTS = 64;
  private static final int MOST_SLOTS = 1 << 30;
  private static final int KIND_PRIME = 0x9E3779B1;

  /** The hash above the count, which is 0 in a free slot. A run of used slots has no gap. */
  private long[] slots = {};

  private int used;

  static int hash(byte kind, byte[] key) {
    return (int) (KeyHash.hash(key) >>> Integer.SIZE) + kind * KIND_PRIME;
  }

  int of(int hash) {
    return used == 0 ? 0 : count(slots[place(hash)]);
  }

  void add(int hash) {
    if (used >= slots.length - slots.length / 4 && slots.length < MOST_SLOTS) {
      resize(Math.max(FIRST_SLOTS, slots.length * 2));
    }
    int place = place(hash);
    int count = count(slots[place]);
    if (count == 0) {
      used++;
    }
    if (count < Integer.MAX_VALUE) {
      slots[place] = slot(hash, count + 1);
    }
  }

  /** Takes back one {@link #add}. */
  void remove(int hash) {
    int place = place(hash);
    int count = count(slots[place]);
    if (count > 1) {
      slots[place] = slot(hash, count - 1);
      return;
    }
    free(place);
    used--;
    if (slots.length > FIRST_SLOTS && used < slots.length / 8) {
      resize(slots.length / 2);
    }
  }

  /** What the slots take. */
  long bytes() {
    return (long) slots.length * Long.BYTES;
  }

  /** What stands behind moves up as far as it may, so that a search never ends at a gap. */
  private void free(int place) {
    int mask = slots.length - 1;
    int gap = place;
    for (int next = (gap + 1) & mask; slots[next] != 0; next = (next + 1) & mask) {
      int home = hashOf(slots[next]) & mask;
      if (((next - home) & mask) >= ((next - gap) & mask)) {
        slots[gap] = slots[next];
        gap = next;
      }
    }
    slots[gap] = 0;
  }

  /** The slot of a hash, or the free one where it belongs. */
  private int place(int hash) {
    int mask = slots.length - 1;
    int place = hash & mask;
    while (slots[place] != 0 && hashOf(slots[place]) != hash) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void resize(int length) {
    long[] before = slots;
    slots = new long[length];
    for (long slot : before) {
      if (slot != 0) {
        slots[place(hashOf(slot))] = slot;
      }
    }
  }

  private static long slot(int hash, int count) {
    return (long) hash << Integer.SIZE | count;
  }

  private static int hashOf(long slot) {
    return (int) (slot >>> Integer.SIZE);
  }

  private static int count(long slot) {
    return (int) slot;
  }
}
