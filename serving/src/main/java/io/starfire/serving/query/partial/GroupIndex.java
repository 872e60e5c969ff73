package io.starfire.serving.query.partial;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers groups from 0 on, in order of appearance, by keys that are small integers: ids of time
 * buckets and of values. Where the product of the numbers of ids is small, a group is found in an
 * array by its ids side by side; else in a hash table. Works on a block at a time. Not thread-safe.
 */
public final class GroupIndex {
  /** Groups that are looked for at once, at most. */
  public static final int BLOCK = 1024;

  private static final int MAX_DENSE_BITS = 22;

  /** An array by ids may be so many times larger than the groups that are expected. */
  private static final int MAX_DENSE_RATIO = 4;

  private static final long SMALL_ARRAY = 1 << 12;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** Of each key, the id of each group. */
  private final int[][] keys;

  private int size;
  private long expected;

  /** Bits of each key's ids, less its base, side by side. */
  private final int[] bits;

  /** No id of a key is below it. */
  private final int[] bases;

  /** One more than the group, by its ids side by side; null if the table is used. */
  private int @Nullable [] dense;

  private @Nullable Slots slots;

  /** Of the groups, for the table. */
  private int[] hashes = {};

  /** Hashes of a block, for the table. */
  private long[] scratch = {};

  /** Without groups. */
  public GroupIndex(int keyCount) {
    this(new int[keyCount][BLOCK / 16], 0);
  }

  /**
   * With groups, all of which differ.
   *
   * @param keys of each key, the id of each group; at least one key
   */
  public GroupIndex(int[][] keys, int size) {
    this.keys = keys;
    this.size = size;
    this.bits = new int[keys.length];
    this.bases = new int[keys.length];
  }

  public int size() {
    return size;
  }

  /** The ids of a key, of groups {@code [0, size)}. */
  public int[] ids(int key) {
    return keys[key];
  }

  int keyCount() {
    return keys.length;
  }

  public long bytes() {
    return (long) Integer.BYTES
            * ((long) keys.length * keys[0].length
                + hashes.length
                + (dense == null ? 0 : dense.length))
        + (slots == null ? 0 : slots.bytes());
  }

  /** Whether so many more groups make the arrays longer. */
  public boolean grows(int more) {
    return size + more > keys[0].length;
  }

  /** Says that no id of a key, here or to come, is below a base. Only before the first group. */
  void setBase(int key, int base) {
    if (size == 0) {
      bases[key] = base;
    }
  }

  /**
   * Chooses how groups are found.
   *
   * @param idCounts of each key, how many ids there are, as far as is known
   * @param more groups that are expected to come at most
   */
  public void prepare(int[] idCounts, long more) {
    expected = size + more;
    boolean wider = false;
    for (int k = 0; k < bits.length; k++) {
      int needed = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, idCounts[k] - 1));
      wider |= needed > bits[k];
      bits[k] = Math.max(bits[k], needed);
    }
    choose(wider);
  }

  private void choose(boolean wider) {
    int total = Arrays.stream(bits).sum();
    boolean isThere = dense != null && !wider;
    boolean pays =
        isThere
            || (total <= MAX_DENSE_BITS
                && (1L << total) <= Math.max(SMALL_ARRAY, MAX_DENSE_RATIO * expected));
    if (pays && !isThere) {
      slots = null;
      hashes = new int[0];
      dense = new int[1 << total];
      fillArray(dense);
    } else if (!pays && slots == null) {
      dense = null;
      fillTable();
    }
  }

  private void fillArray(int[] array) {
    for (int group = 0; group < size; group++) {
      int place = 0;
      for (int k = 0; k < keys.length; k++) {
        place = (place << bits[k]) | (keys[k][group] - bases[k]);
      }
      array[place] = group + 1;
    }
  }

  private void fillTable() {
    scratch = new long[BLOCK];
    hashes = new int[keys[0].length];
    int[][] block = new int[keys.length][];
    for (int from = 0; from < size; from += BLOCK) {
      int count = Math.min(BLOCK, size - from);
      for (int k = 0; k < keys.length; k++) {
        block[k] = Arrays.copyOfRange(keys[k], from, from + count);
      }
      hash(block, count);
      for (int i = 0; i < count; i++) {
        hashes[from + i] = fold(scratch[i]);
      }
    }
    slots = new Slots();
    slots.refill(2L * Math.max(size, BLOCK), hashes, 0, size);
  }

  /**
   * Sets {@code groups[i]} to the group of ids {@code block[key][i]}; a group that is new gets the
   * next number.
   *
   * @param count at most {@link #BLOCK}
   */
  public void find(int[][] block, int count, int[] groups) {
    expected = Math.max(expected, size + count);
    boolean wider = false;
    for (int k = 0; k < keys.length; k++) {
      int needed = bitsOf(block[k], bases[k], count);
      wider |= needed > bits[k];
      bits[k] = Math.max(bits[k], needed);
    }
    if (wider || (dense == null && slots == null)) {
      choose(wider);
    }
    makeRoom(count);
    int[] array = dense;
    if (array != null) {
      findInArray(array, block, count, groups);
    } else {
      findInTable(block, count, groups);
    }
  }

  private static int bitsOf(int[] ids, int base, int count) {
    int all = 0;
    for (int i = 0; i < count; i++) {
      all |= ids[i] - base;
    }
    return Integer.SIZE - Integer.numberOfLeadingZeros(all);
  }

  private void makeRoom(int count) {
    if (grows(count)) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(size + count, 2L * size));
      for (int k = 0; k < keys.length; k++) {
        keys[k] = Arrays.copyOf(keys[k], capacity);
      }
      hashes = slots == null ? hashes : Arrays.copyOf(hashes, capacity);
    }
    if (slots != null && !slots.fits(size + (long) count)) {
      slots.refill(2L * (size + count), hashes, 0, size);
    }
  }

  private void findInArray(int[] array, int[][] block, int count, int[] groups) {
    Arrays.fill(groups, 0, count, 0);
    for (int k = 0; k < keys.length; k++) {
      pack(groups, block[k], bases[k], bits[k], count);
    }
    for (int i = 0; i < count; i++) {
      int place = groups[i];
      int group = array[place] - 1;
      if (group < 0) {
        group = start(block, i);
        array[place] = group + 1;
      }
      groups[i] = group;
    }
  }

  private static void pack(int[] packed, int[] ids, int base, int bits, int count) {
    for (int i = 0; i < count; i++) {
      packed[i] = (packed[i] << bits) | (ids[i] - base);
    }
  }

  private void findInTable(int[][] block, int count, int[] groups) {
    Slots table = requireNonNull(slots, "a table is made before it is used");
    hash(block, count);
    for (int i = 0; i < count; i++) {
      int hash = fold(scratch[i]);
      int place = table.first(hash);
      int group = table.entry(place);
      while (group >= 0 && !(hashes[group] == hash && equal(group, block, i))) {
        place = table.next(place);
        group = table.entry(place);
      }
      if (group < 0) {
        group = start(block, i);
        hashes[group] = hash;
        table.put(place, group);
      }
      groups[i] = group;
    }
  }

  private boolean equal(int group, int[][] block, int i) {
    for (int k = 0; k < keys.length; k++) {
      if (keys[k][group] != block[k][i]) {
        return false;
      }
    }
    return true;
  }

  private int start(int[][] block, int i) {
    for (int k = 0; k < keys.length; k++) {
      keys[k][size] = block[k][i];
    }
    return size++;
  }

  private void hash(int[][] block, int count) {
    Arrays.fill(scratch, 0, count, 0);
    for (int[] ids : block) {
      for (int i = 0; i < count; i++) {
        long mixed = (scratch[i] + ids[i]) * MULTIPLIER;
        scratch[i] = mixed ^ (mixed >>> 32);
      }
    }
  }

  private static int fold(long hash) {
    return (int) hash;
  }
}
