package io.starfire.segment.index;

/**
 * Puts row numbers into order by a radix sort that is stable and goes from the least significant
 * key to the most: one call for each key, last dimension first and time at the end. Each pass costs
 * a few nanoseconds a row, whatever the keys are, and passes over bits in which all rows agree are
 * left out. Not thread-safe.
 */
final class RowSorter {
  private static final int RADIX_BITS = 11;
  private static final int BUCKETS = 1 << RADIX_BITS;

  private int[] order;
  private int[] spare;

  RowSorter(int rows) {
    order = new int[rows];
    spare = new int[rows];
    for (int row = 0; row < rows; row++) {
      order[row] = row;
    }
  }

  /** The rows in order, as a gathering index. */
  int[] order() {
    return order;
  }

  /** Sorts by keys, one for each row number, read as unsigned. */
  void sortBy(long[] keys) {
    if (keys.length == 0) {
      return;
    }
    long min = keys[0];
    long max = keys[0];
    for (long key : keys) {
      min = Long.compareUnsigned(key, min) < 0 ? key : min;
      max = Long.compareUnsigned(key, max) > 0 ? key : max;
    }
    int bits = 64 - Long.numberOfLeadingZeros(max - min);
    for (int shift = 0; shift < bits; shift += RADIX_BITS) {
      pass(keys, min, shift);
    }
  }

  private void pass(long[] keys, long min, int shift) {
    int[] starts = new int[BUCKETS + 1];
    for (long key : keys) {
      starts[((int) ((key - min) >>> shift) & (BUCKETS - 1)) + 1]++;
    }
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      starts[bucket + 1] += starts[bucket];
    }
    for (int row : order) {
      spare[starts[(int) ((keys[row] - min) >>> shift) & (BUCKETS - 1)]++] = row;
    }
    int[] sorted = spare;
    spare = order;
    order = sorted;
  }
}
