package io.starfire.segment.index;

import java.util.Arrays;

/**
 * Sorts keys that are packed with a number into longs, none of them negative: the key in the high
 * bits, and below it the number of the row or text that it belongs to. A radix sort that goes from
 * the least significant bits to the most, and leaves out bits in which all agree. Keys and numbers
 * move together, so that each pass reads one array from its start to its end. Not thread-safe.
 */
final class PackedSorter {
  /** Below this many, sorting by comparisons is quicker. */
  private static final int FEW = 256;

  /**
   * Up to this many, counting as many buckets as there are for more would take most of the time.
   */
  private static final int SOME = 4096;

  private static final int RADIX_BITS = 11;
  private static final int RADIX_BITS_OF_SOME = 8;

  private final int[] starts = new int[1 << RADIX_BITS];
  private long[] values;
  private long[] spare;

  /**
   * @param most how many are sorted at a time
   */
  PackedSorter(int most) {
    values = new long[most];
    spare = new long[most];
  }

  /** Where the longs are put before they are sorted, and found afterwards: another array then. */
  long[] values() {
    return values;
  }

  /**
   * Sorts the first longs of {@link #values()}.
   *
   * @param numberBits low bits that hold the number; longs with equal keys have ascending numbers
   */
  void sort(int count, int numberBits) {
    if (count < FEW) {
      Arrays.sort(values, 0, count);
      return;
    }
    long any = 0;
    long all = -1;
    boolean ascending = true;
    long before = 0;
    for (int i = 0; i < count; i++) {
      long value = values[i];
      any |= value;
      all &= value;
      ascending &= value >= before;
      before = value;
    }
    if (ascending) {
      return;
    }
    int most = count <= SOME ? RADIX_BITS_OF_SOME : RADIX_BITS;
    long differing = (any ^ all) >>> numberBits << numberBits;
    int shift = Long.numberOfTrailingZeros(differing);
    while (shift < Long.SIZE) {
      int bits = Long.SIZE - Long.numberOfLeadingZeros(differing) - shift;
      int passes = (bits + most - 1) / most;
      int width = (bits + passes - 1) / passes;
      pass(count, shift, width);
      differing = shift + width >= Long.SIZE ? 0 : differing >>> (shift + width) << (shift + width);
      shift = Long.numberOfTrailingZeros(differing);
    }
  }

  private void pass(int count, int shift, int width) {
    int buckets = 1 << width;
    int mask = buckets - 1;
    Arrays.fill(starts, 0, buckets, 0);
    for (int i = 0; i < count; i++) {
      starts[(int) (values[i] >>> shift) & mask]++;
    }
    int start = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      int size = starts[bucket];
      starts[bucket] = start;
      start += size;
    }
    for (int i = 0; i < count; i++) {
      long value = values[i];
      spare[starts[(int) (value >>> shift) & mask]++] = value;
    }
    long[] sorted = spare;
    spare = values;
    values = sorted;
  }
}
