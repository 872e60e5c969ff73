package io.starfire.segment.index;

import io.starfire.segment.column.Utf8Order;
import java.util.Arrays;

/**
 * Distinct strings, null among them, with ids in order of arrival. Open addressing on the hash that
 * the string itself caches. Not thread-safe: the index's lock guards it. Values are appended to
 * arrays that are replaced when they grow, so that a reader who took {@link #values()} under the
 * lock may go on reading the ids that it knew then.
 */
final class StringDictionary {
  private static final int EMPTY = -1;
  private static final int STRING_OVERHEAD_BYTES = 56;

  private String[] values = new String[16];
  private int[] slots = filled(32);
  private int size;
  private int nullId = EMPTY;
  private long valueBytes;

  int size() {
    return size;
  }

  String[] values() {
    return values;
  }

  /** The id of a value, or a negative number. */
  int find(String value) {
    if (value == null) {
      return nullId;
    }
    String text = Utf8Order.wellFormed(value);
    return slots[slotOf(text)];
  }

  /** The id of a value, a new one if it was not known. */
  int intern(String value) {
    if (value == null) {
      if (nullId < 0) {
        nullId = append(null);
      }
      return nullId;
    }
    int slot = slotOf(value);
    if (slots[slot] != EMPTY) {
      return slots[slot];
    }
    String text = Utf8Order.wellFormed(value);
    if (!text.equals(value)) {
      return intern(text);
    }
    int id = append(text);
    slots[slot] = id;
    valueBytes += STRING_OVERHEAD_BYTES + text.length();
    if (size * 2 > slots.length) {
      rehash();
    }
    return id;
  }

  long estimatedBytes() {
    return valueBytes + 8L * values.length + 4L * slots.length;
  }

  private int append(String value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size] = value;
    return size++;
  }

  private int slotOf(String value) {
    int mask = slots.length - 1;
    int slot = Hashes.mix(value.hashCode()) & mask;
    while (slots[slot] != EMPTY && !value.equals(values[slots[slot]])) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void rehash() {
    slots = filled(slots.length * 2);
    for (int id = 0; id < size; id++) {
      if (id != nullId) {
        slots[slotOf(values[id])] = id;
      }
    }
  }

  private static int[] filled(int length) {
    int[] slots = new int[length];
    Arrays.fill(slots, EMPTY);
    return slots;
  }
}
