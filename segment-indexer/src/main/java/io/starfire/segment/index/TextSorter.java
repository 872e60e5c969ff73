package io.starfire.segment.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Puts the ids of distinct texts into the order of their UTF-8 bytes: a radix sort by the first
 * eight bytes, then each run that agrees in them by the next eight, and short runs by comparing. On
 * the comments of lineitem it takes a quarter of the time of sorting by comparisons. Not
 * thread-safe.
 */
final class TextSorter {
  private static final int KEY_BYTES = 8;

  /** Below this many texts, comparing is quicker. */
  private static final int SHORT_RUN = 48;

  /** Texts that agree in so many bytes are compared, however many they are. */
  private static final int MAX_DEPTH = 256;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Texts texts;
  private final int[] ids;

  private TextSorter(Texts texts) {
    this.texts = texts;
    this.ids = new int[texts.count];
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
    sorter.sort(first, ids.length, 0);
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
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(ids[from + i], depth);
    }
    RowSorter sorter = new RowSorter(count);
    sorter.sortBy(keys);
    int[] order = sorter.order();
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = ids[from + order[i]];
    }
    System.arraycopy(sorted, 0, ids, from, count);
    int start = 0;
    for (int i = 1; i <= count; i++) {
      if (i == count || keys[order[i]] != keys[order[start]]) {
        if (i - start > 1) {
          sort(from + start, from + i, depth + KEY_BYTES);
        }
        start = i;
      }
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
