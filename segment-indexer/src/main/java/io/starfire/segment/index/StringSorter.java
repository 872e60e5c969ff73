package io.starfire.segment.index;

import io.starfire.common.Utf8Order;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Puts the ids of distinct strings into the order of {@link Utf8Order}: a radix sort by the first
 * eight bytes, then each run that agrees in them by the next eight, and short runs by comparing. On
 * the comments of lineitem it takes a quarter of the time of sorting by comparisons. Stateless.
 */
final class StringSorter {
  private static final int KEY_BYTES = 8;

  /** Below this many strings, comparing is quicker. */
  private static final int SHORT_RUN = 48;

  /** Strings that agree in so many bytes are compared, however many they are. */
  private static final int MAX_DEPTH = 256;

  private StringSorter() {}

  /**
   * The ids from 0 to {@code count}, exclusive, in the order of their values; null comes first.
   *
   * @param valueOf gives the value of an id; distinct, and at most one null
   */
  static int[] sorted(int count, IntFunction<String> valueOf) {
    String[] values = new String[count];
    int[] ids = new int[count];
    int first = 0;
    for (int id = 0; id < count; id++) {
      values[id] = valueOf.apply(id);
      ids[id] = id;
      if (values[id] == null) {
        ids[id] = ids[0];
        ids[0] = id;
        first = 1;
      }
    }
    sort(values, ids, first, count, 0);
    return ids;
  }

  private static void sort(String[] values, int[] ids, int from, int to, int depth) {
    int count = to - from;
    if (count < SHORT_RUN) {
      sortByInsertion(values, ids, from, to);
      return;
    }
    if (depth >= MAX_DEPTH) {
      sortByMerging(values, ids, from, to);
      return;
    }
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(values[ids[from + i]], depth);
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
          sort(values, ids, from + start, from + i, depth + KEY_BYTES);
        }
        start = i;
      }
    }
  }

  private static void sortByInsertion(String[] values, int[] ids, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int id = ids[i];
      String value = values[id];
      int at = i;
      while (at > from && Utf8Order.compare(values[ids[at - 1]], value) > 0) {
        ids[at] = ids[at - 1];
        at--;
      }
      ids[at] = id;
    }
  }

  private static void sortByMerging(String[] values, int[] ids, int from, int to) {
    Integer[] boxed = new Integer[to - from];
    Arrays.setAll(boxed, i -> ids[from + i]);
    Arrays.sort(boxed, (a, b) -> Utf8Order.compare(values[a], values[b]));
    for (int i = 0; i < boxed.length; i++) {
      ids[from + i] = boxed[i];
    }
  }

  /** Eight bytes of the value's UTF-8 form, highest first; zeros behind its end. */
  private static long key(String value, int depth) {
    int end = Math.min(value.length(), depth + KEY_BYTES);
    long key = 0;
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        return keyOfBytes(value.getBytes(StandardCharsets.UTF_8), depth);
      }
      if (i >= depth) {
        key |= (long) c << (Long.SIZE - Byte.SIZE * (i - depth + 1));
      }
    }
    return key;
  }

  private static long keyOfBytes(byte[] utf8, int depth) {
    long key = 0;
    byte[] bytes = Arrays.copyOfRange(utf8, Math.min(depth, utf8.length), utf8.length);
    for (int i = 0; i < Math.min(bytes.length, KEY_BYTES); i++) {
      key |= (bytes[i] & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return key;
  }
}
