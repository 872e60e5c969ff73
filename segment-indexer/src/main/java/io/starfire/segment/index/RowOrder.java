package io.starfire.segment.index;

import java.util.List;

/**
 * Puts rows into order by their first key, then each run of rows that agree in it by the next, and
 * so on. Most rows are told apart by their time and a dimension or two, and the others are never
 * looked at. Rows that agree in all keys stay in order of arrival. Stateless.
 */
final class RowOrder {
  private RowOrder() {}

  /** What rows are compared by, as unsigned numbers of 32 bits. */
  interface Key {
    /** Reads the keys of {@code rows[from..from + count)} into {@code out[0..count)}. */
    void read(int[] rows, int from, int count, long[] out);
  }

  /**
   * The numbers of all rows, in order.
   *
   * @param keys the most significant first
   */
  static int[] of(int rows, List<Key> keys) {
    int[] order = new int[rows];
    for (int row = 0; row < rows; row++) {
      order[row] = row;
    }
    PackedSorter sorter = new PackedSorter(rows);
    RunList runs = new RunList();
    RunList finer = new RunList();
    if (rows > 1) {
      runs.add(0, rows, 0);
    }
    for (int key = 0; key < keys.size() && runs.count() > 0; key++) {
      for (int run = 0; run < runs.count(); run++) {
        sort(order, runs.from(run), runs.to(run), keys.get(key), sorter, finer);
      }
      RunList done = runs;
      runs = finer;
      finer = done;
      finer.clear();
    }
    return order;
  }

  /** Sorts a run by a key; adds the runs that agree in it to {@code finer}. */
  private static void sort(
      int[] order, int from, int to, Key key, PackedSorter sorter, RunList finer) {
    int count = to - from;
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(order.length - 1);
    long[] packed = sorter.values();
    key.read(order, from, count, packed);
    for (int i = 0; i < count; i++) {
      packed[i] = packed[i] << bits | order[from + i];
    }
    sorter.sort(count, bits);
    long[] sorted = sorter.values();
    int mask = (1 << bits) - 1;
    int start = 0;
    for (int i = 0; i < count; i++) {
      order[from + i] = (int) sorted[i] & mask;
      if (sorted[i] >>> bits != sorted[start] >>> bits) {
        if (i - start > 1) {
          finer.add(from + start, from + i, 0);
        }
        start = i;
      }
    }
    if (count - start > 1) {
      finer.add(from + start, to, 0);
    }
  }
}
