package io.starfire.segment.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Puts the ids of distinct texts into the order of their UTF-8 bytes: a radix sort by as many bytes
 * as fit into a long beside a number, then each run that agrees in them by the next bytes, and
 * short runs by comparing. Of many texts, bytes that occur at a place are numbered, so that more of
 * them fit: a digit takes four bits. Not thread-safe.
 */
final class TextSorter {
  private static final int KEY_BYTES = 8;
  private static final int BYTE_VALUES = 256;

  /** Below this many texts, comparing is quicker. */
  private static final int SHORT_RUN = 12;

  /** From this many on, numbering the bytes that occur pays. */
  private static final int LONG_RUN = 4096;

  /** Texts that agree in so many bytes are compared, however many they are. */
  private static final int MAX_DEPTH = 256;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Texts texts;
  private final int[] ids;
  private final int[] old;
  private final PackedSorter sorter;

  /** What is still to be sorted, each with the bytes in which its texts agree. */
  private final RunList runs = new RunList();

  /** For each of some bytes the number of each value that occurs there. */
  private final int[] numbers = new int[KEY_BYTES * BYTE_VALUES];

  private final int[] widths = new int[KEY_BYTES];

  private TextSorter(Texts texts) {
    this.texts = texts;
    this.ids = new int[texts.count];
    this.old = new int[texts.count];
    this.sorter = new PackedSorter(texts.count);
  }

  /** The ids in the order of their texts; null comes first. */
  static int[] sorted(Texts texts) {
    TextSorter sorter = new TextSorter(texts);
    int[] ids = sorter.ids;
    Arrays.setAll(ids, id -> id);
    int first = 0;
    if (texts.nullId >= 0 && texts.nullId < texts.count) {
      ids[texts.nullId] = 0;
      ids[0] = texts.nullId;
      first = 1;
    }
    sorter.runs.add(first, ids.length, 0);
    while (sorter.runs.count() > 0) {
      int last = sorter.runs.count() - 1;
      int from = sorter.runs.from(last);
      int to = sorter.runs.to(last);
      int depth = sorter.runs.number(last);
      sorter.runs.removeLast();
      sorter.sort(from, to, depth);
    }
    return ids;
  }

  private void sort(int from, int to, int depth) {
    int count = to - from;
    if (count < SHORT_RUN) {
      sortByInsertion(from, to, depth);
      return;
    }
    if (depth >= MAX_DEPTH) {
      sortByMerging(from, to);
      return;
    }
    int numberBits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    int keyBits = Long.SIZE - 1 - numberBits;
    int taken =
        count < LONG_RUN
            ? readKeys(from, count, depth, keyBits, numberBits)
            : readNumberedKeys(from, count, depth, keyBits, numberBits);
    sorter.sort(count, numberBits);
    place(from, count, numberBits, depth + taken);
  }

  /** Puts whole bytes into the sorter, each with its place; returns how many bytes. */
  private int readKeys(int from, int count, int depth, int keyBits, int numberBits) {
    long[] packed = sorter.values();
    int bytes = Math.min(KEY_BYTES - 1, keyBits / Byte.SIZE);
    int shift = Long.SIZE - bytes * Byte.SIZE;
    for (int i = 0; i < count; i++) {
      packed[i] = key(ids[from + i], depth) >>> shift << numberBits | i;
    }
    return bytes;
  }

  /** The same with the numbers of bytes, of which more fit. */
  private int readNumberedKeys(int from, int count, int depth, int keyBits, int numberBits) {
    long[] packed = sorter.values();
    Arrays.fill(numbers, 0);
    for (int i = 0; i < count; i++) {
      long key = key(ids[from + i], depth);
      packed[i] = key;
      for (int at = 0; at < KEY_BYTES; at++) {
        numbers[at * BYTE_VALUES + byteAt(key, at)] = 1;
      }
    }
    int bytes = numberBytes(keyBits);
    for (int i = 0; i < count; i++) {
      long key = packed[i];
      long numbered = 0;
      for (int at = 0; at < bytes; at++) {
        numbered = numbered << widths[at] | numbers[at * BYTE_VALUES + byteAt(key, at)];
      }
      packed[i] = numbered << numberBits | i;
    }
    return bytes;
  }

  private static int byteAt(long key, int at) {
    return (int) (key >>> (Long.SIZE - Byte.SIZE - at * Byte.SIZE)) & 0xFF;
  }

  /** Numbers the bytes that occur, in order; returns for how many places their bits fit. */
  private int numberBytes(int keyBits) {
    int bits = 0;
    for (int at = 0; at < KEY_BYTES; at++) {
      int next = 0;
      for (int value = at * BYTE_VALUES; value < (at + 1) * BYTE_VALUES; value++) {
        numbers[value] = numbers[value] == 0 ? 0 : next++;
      }
      widths[at] = Integer.SIZE - Integer.numberOfLeadingZeros(next - 1);
      bits += widths[at];
      if (bits > keyBits) {
        return at;
      }
    }
    return KEY_BYTES;
  }

  /** Puts the ids into the order that was found; runs that agree so far are sorted later. */
  private void place(int from, int count, int numberBits, int depth) {
    long[] sorted = sorter.values();
    System.arraycopy(ids, from, old, 0, count);
    int mask = (1 << numberBits) - 1;
    int start = 0;
    for (int i = 0; i < count; i++) {
      ids[from + i] = old[(int) sorted[i] & mask];
      if (sorted[i] >>> numberBits != sorted[start] >>> numberBits) {
        addRun(from + start, from + i, depth);
        start = i;
      }
    }
    addRun(from + start, from + count, depth);
  }

  private void addRun(int from, int to, int depth) {
    if (to - from > 1) {
      runs.add(from, to, depth);
    }
  }

  /** All agree in the first {@code depth} bytes, zeros behind their ends included. */
  private void sortByInsertion(int from, int to, int depth) {
    for (int i = from + 1; i < to; i++) {
      int id = ids[i];
      int at = i;
      while (at > from && compare(ids[at - 1], id, depth) > 0) {
        ids[at] = ids[at - 1];
        at--;
      }
      ids[at] = id;
    }
  }

  private void sortByMerging(int from, int to) {
    Integer[] boxed = new Integer[to - from];
    Arrays.setAll(boxed, i -> ids[from + i]);
    Arrays.sort(boxed, (a, b) -> compare(a, b, 0));
    for (int i = 0; i < boxed.length; i++) {
      ids[from + i] = boxed[i];
    }
  }

  private int compare(int left, int right, int depth) {
    byte[] bytes = texts.bytes;
    int[] starts = texts.starts;
    int order =
        Arrays.compareUnsigned(
            bytes,
            Math.min(starts[left] + depth, starts[left + 1]),
            starts[left + 1],
            bytes,
            Math.min(starts[right] + depth, starts[right + 1]),
            starts[right + 1]);
    // Both ended before, and the longer one has zeros there.
    return order != 0
        ? order
        : Integer.compare(starts[left + 1] - starts[left], starts[right + 1] - starts[right]);
  }

  /** Eight bytes of a text, highest first; zeros behind its end. */
  private long key(int id, int depth) {
    byte[] bytes = texts.bytes;
    int at = texts.starts[id] + depth;
    int rest = texts.starts[id + 1] - at;
    if (rest <= 0) {
      return 0;
    }
    if (at <= bytes.length - KEY_BYTES) {
      long key = (long) LONGS.get(bytes, at);
      return rest >= KEY_BYTES ? key : key & (-1L << ((KEY_BYTES - rest) * Byte.SIZE));
    }
    long key = 0;
    for (int i = 0; i < Math.min(rest, KEY_BYTES); i++) {
      key |= (bytes[at + i] & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return key;
  }
}
