package io.starfire.segment.index;

import io.starfire.common.Utf8Order;
import java.util.Arrays;

/**
 * Distinct strings, null among them, with ids in order of arrival. Open addressing on the hash that
 * the string itself caches. Not thread-safe: the index's lock guards it. Values are appended to
 * arrays that are replaced when they grow, so that a reader who took {@link #values()} under the
 * lock may go on reading the ids that it knew then.
 */
final class StringDictionary {
  private static final int NO_ID = -1;
  private static final long EMPTY = 0;
  private static final int STRING_OVERHEAD_BYTES = 56;

  private String[] values = new String[16];

  /**
   * Open addressing: the hash in the high half and the id plus one in the low, or {@link #EMPTY}.
   * With the hash at hand, other values are told apart without a look at them, which would be two
   * misses of the cache each; on lineitem this halves the time to add a row.
   */
  private long[] slots = new long[32];

  private int size;
  private int nullId = NO_ID;
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
    return idIn(slots[slotOf(text, Hashes.mix(text.hashCode()))]);
  }

  /** The id of a value, a new one if it was not known. */
  int intern(String value) {
    if (value == null) {
      if (nullId < 0) {
        nullId = append(null);
      }
      return nullId;
    }
    int hash = Hashes.mix(value.hashCode());
    int slot = slotOf(value, hash);
    if (slots[slot] != EMPTY) {
      return idIn(slots[slot]);
    }
    String text = Utf8Order.wellFormed(value);
    if (!text.equals(value)) {
      return intern(text);
    }
    int id = append(text);
    slots[slot] = ((long) hash << 32) | (id + 1);
    valueBytes += STRING_OVERHEAD_BYTES + text.length();
    if (size * 2 > slots.length) {
      rehash();
    }
    return id;
  }

  long estimatedBytes() {
    return valueBytes + 8L * values.length + 8L * slots.length;
  }

  private int append(String value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size] = value;
    return size++;
  }

  /** The id in a slot, or a negative number if it is empty. */
  private static int idIn(long slot) {
    return (int) slot - 1;
  }

  private int slotOf(String value, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != EMPTY && !holds(slots[slot], value, hash)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean holds(long slot, String value, int hash) {
    return (int) (slot >>> 32) == hash && value.equals(values[idIn(slot)]);
  }

  private void rehash() {
    long[] old = slots;
    slots = new long[old.length * 2];
    int mask = slots.length - 1;
    for (long slot : old) {
      if (slot != EMPTY) {
        int at = (int) (slot >>> 32) & mask;
        while (slots[at] != EMPTY) {
          at = (at + 1) & mask;
        }
        slots[at] = slot;
      }
    }
  }
}
