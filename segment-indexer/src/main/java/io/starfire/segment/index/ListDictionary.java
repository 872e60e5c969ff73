package io.starfire.segment.index;

import java.util.Arrays;

/**
 * Distinct lists of two or more string ids, numbered in order of arrival, so that a row holds one
 * number however many values it has. Not thread-safe: the index's lock guards it; {@link #lists()}
 * may be read on as that of {@link StringDictionary}.
 */
final class ListDictionary {
  private static final int EMPTY = -1;
  private static final int ARRAY_OVERHEAD_BYTES = 16;

  private int[][] lists = new int[0][];
  private int[] slots = new int[0];
  private int size;
  private long listBytes;

  int size() {
    return size;
  }

  int[][] lists() {
    return lists;
  }

  /** The number of a list, a new one if it was not known. The caller gives the array away. */
  int intern(int[] list) {
    if (size * 2 >= slots.length) {
      rehash();
    }
    int slot = slotOf(list);
    if (slots[slot] != EMPTY) {
      return slots[slot];
    }
    if (size == lists.length) {
      lists = Arrays.copyOf(lists, Math.max(16, size * 2));
    }
    lists[size] = list;
    slots[slot] = size;
    listBytes += ARRAY_OVERHEAD_BYTES + 4L * list.length;
    return size++;
  }

  long estimatedBytes() {
    return listBytes + 8L * lists.length + 4L * slots.length;
  }

  private int slotOf(int[] list) {
    int mask = slots.length - 1;
    int slot = Hashes.mix(Arrays.hashCode(list)) & mask;
    while (slots[slot] != EMPTY && !Arrays.equals(list, lists[slots[slot]])) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void rehash() {
    slots = new int[Math.max(32, slots.length * 2)];
    Arrays.fill(slots, EMPTY);
    for (int number = 0; number < size; number++) {
      slots[slotOf(lists[number])] = number;
    }
  }
}
