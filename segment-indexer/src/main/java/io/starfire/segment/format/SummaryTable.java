package io.starfire.segment.format;

import io.starfire.segment.column.BlockSummaries;
import java.nio.ByteBuffer;

/**
 * Summaries of a column's data blocks as they are written and read. Not thread-safe.
 *
 * @see SegmentFormat
 */
final class SummaryTable {
  private static final int ENTRY_BYTES = 32;

  private static final int NOTHING = 0;
  private static final int INTEGERS = 1;
  private static final int DOUBLES = 2;
  private static final int INTEGERS_WITHOUT_SUM = 3;

  /** Below it, a decimal times a power of ten is rounded to the right integer. */
  private static final long MAX_SCALED = 1L << 50;

  private final ByteSink entries = new ByteSink();

  /** Adds a block of longs, which may be ids, or integers over {@code 10^scale}. */
  void addIntegers(long[] values, boolean[] nulls, int rows, int scale) {
    long smallest = Long.MAX_VALUE;
    long largest = Long.MIN_VALUE;
    long sum = 0;
    boolean fits = true;
    int nullRows = 0;
    for (int i = 0; i < rows; i++) {
      if (nulls != null && nulls[i]) {
        nullRows++;
        continue;
      }
      long value = values[i];
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      long next = sum + value;
      fits &= ((sum ^ next) & (value ^ next)) >= 0;
      sum = next;
    }
    add(fits ? INTEGERS : INTEGERS_WITHOUT_SUM, scale, nullRows, smallest, largest, sum);
  }

  /** Adds a block of ids, of which each row may have several. */
  void addIds(int[][] lists, int rows) {
    long smallest = Long.MAX_VALUE;
    long largest = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      for (int id : lists[i]) {
        smallest = Math.min(smallest, id);
        largest = Math.max(largest, id);
      }
    }
    add(INTEGERS_WITHOUT_SUM, 0, 0, smallest, largest, 0);
  }

  /** Adds a block of doubles that are no decimals. */
  void addDoubles(long[] bits, boolean[] nulls, int rows) {
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    int nullRows = 0;
    for (int i = 0; i < rows; i++) {
      if (nulls != null && nulls[i]) {
        nullRows++;
      } else {
        // A NaN makes both NaN.
        double value = Double.longBitsToDouble(bits[i]);
        smallest = Math.min(smallest, value);
        largest = Math.max(largest, value);
      }
    }
    boolean known = !Double.isNaN(smallest);
    add(
        known ? DOUBLES : NOTHING,
        0,
        nullRows,
        known ? Double.doubleToLongBits(smallest) : 0,
        known ? Double.doubleToLongBits(largest) : 0,
        0);
  }

  private void add(int kind, int scale, int nulls, long smallest, long largest, long sum) {
    entries.putByte(kind);
    entries.putByte(scale);
    entries.putByte(0);
    entries.putByte(0);
    entries.putInt(nulls);
    entries.putLong(smallest);
    entries.putLong(largest);
    entries.putLong(sum);
  }

  boolean isEmpty() {
    return entries.length() == 0;
  }

  void write(ByteSink out) {
    out.putBytes(entries.array(), 0, entries.length());
  }

  /**
   * Reads the summaries of so many blocks.
   *
   * @throws IllegalArgumentException if they are not as many
   */
  static BlockSummaries read(ByteBuffer in, int blocks) {
    if (in.remaining() != (long) blocks * ENTRY_BYTES) {
      throw new IllegalArgumentException(
          "summaries of %d blocks do not fit %d bytes".formatted(blocks, in.remaining()));
    }
    boolean integers = true;
    int scale = 0;
    for (int block = 0; block < blocks; block++) {
      int kind = in.get(block * ENTRY_BYTES);
      integers &= kind == INTEGERS || kind == INTEGERS_WITHOUT_SUM;
      scale = Math.max(scale, in.get(block * ENTRY_BYTES + 1));
    }
    if (integers) {
      try {
        return integers(in, blocks, scale);
      } catch (ArithmeticException e) {
        // With as many digits as another block has, a number does not fit a long.
        return doubles(in, blocks);
      }
    }
    return doubles(in, blocks);
  }

  private static BlockSummaries integers(ByteBuffer in, int blocks, int scale) {
    long[] smallest = new long[blocks];
    long[] largest = new long[blocks];
    long[] sums = new long[blocks];
    int[] nulls = new int[blocks];
    boolean haveSums = true;
    for (int block = 0; block < blocks; block++) {
      int at = block * ENTRY_BYTES;
      haveSums &= in.get(at) == INTEGERS;
      nulls[block] = in.getInt(at + 4);
      smallest[block] = in.getLong(at + 8);
      largest[block] = in.getLong(at + 16);
      sums[block] = in.getLong(at + 24);
      int more = scale - in.get(at + 1);
      if (more > 0 && smallest[block] <= largest[block]) {
        long factor = BlockSummaries.power(more);
        smallest[block] = scaled(smallest[block], factor);
        largest[block] = scaled(largest[block], factor);
        sums[block] = Math.multiplyExact(sums[block], factor);
      }
    }
    return BlockSummaries.ofIntegers(scale, smallest, largest, haveSums ? sums : null, nulls);
  }

  private static long scaled(long value, long factor) {
    long scaled = Math.multiplyExact(value, factor);
    if (scaled <= -MAX_SCALED || scaled >= MAX_SCALED) {
      throw new ArithmeticException("the number is too large to be found again");
    }
    return scaled;
  }

  private static BlockSummaries doubles(ByteBuffer in, int blocks) {
    double[] smallest = new double[blocks];
    double[] largest = new double[blocks];
    int[] nulls = new int[blocks];
    for (int block = 0; block < blocks; block++) {
      int at = block * ENTRY_BYTES;
      nulls[block] = in.getInt(at + 4);
      double divisor = (double) BlockSummaries.power(in.get(at + 1));
      long low = in.getLong(at + 8);
      long high = in.getLong(at + 16);
      switch (in.get(at)) {
        case DOUBLES -> {
          smallest[block] = Double.longBitsToDouble(low);
          largest[block] = Double.longBitsToDouble(high);
        }
        case INTEGERS, INTEGERS_WITHOUT_SUM -> {
          smallest[block] = low <= high ? low / divisor : Double.POSITIVE_INFINITY;
          largest[block] = low <= high ? high / divisor : Double.NEGATIVE_INFINITY;
        }
        default -> {
          smallest[block] = Double.NaN;
          largest[block] = Double.NaN;
        }
      }
    }
    return BlockSummaries.ofDoubles(smallest, largest, nulls);
  }
}
