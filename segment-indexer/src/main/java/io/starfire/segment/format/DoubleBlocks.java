package io.starfire.segment.format;

import io.starfire.segment.column.BlockSummaries;

/**
 * Doubles in data blocks: constant, run length and raw as the bits of longs, and decimal. Decimal
 * and run length are taken only if they need half of what raw does; raw is read by a bulk copy, at
 * over a thousand million values a second. LZ4 is not used: a scan through it is several times
 * slower. Stateless.
 */
final class DoubleBlocks {
  private DoubleBlocks() {}

  /** Appends a block of doubles, given as their bits, which are 0 where they are null. */
  static void encode(long[] bits, int rows, boolean[] nulls, ByteSink out) {
    encode(bits, Decimals.of(bits, rows), rows, nulls, out);
  }

  /**
   * As the other.
   *
   * @param decimals the same numbers, or null if they are none
   */
  static void encode(long[] bits, Decimals decimals, int rows, boolean[] nulls, ByteSink out) {
    BlockStatistics statistics = BlockStatistics.of(bits, rows);
    long limit = rows * 8L / 2;
    if (statistics.runs() == 1) {
      ConstantEncoding.INSTANCE.encode(bits, statistics, nulls, out);
    } else if (RunLengthEncoding.INSTANCE.payloadBytes(statistics) < rows) {
      RunLengthEncoding.INSTANCE.encode(bits, statistics, nulls, out);
    } else if (decimals == null || !DecimalEncoding.encode(decimals, rows, nulls, limit, out)) {
      RawEncoding.INSTANCE.encode(bits, statistics, nulls, out);
    }
    out.align();
  }

  /**
   * Reads numbers of a block, all of which are integers over {@code 10^scale}, as these integers.
   */
  static void decodeScaled(
      Block block, int from, int count, int scale, long[] out, int outAt, MappedFile file) {
    if (block.encoding == DecimalEncoding.NUMBER) {
      long factor = BlockSummaries.power(scale - block.scale);
      DecimalEncoding.decodeUnscaled(block, from, count, factor, out, outAt);
      return;
    }
    double[] values = new double[count];
    decode(block, from, count, values, 0, file);
    double power = (double) BlockSummaries.power(scale);
    for (int i = 0; i < count; i++) {
      out[outAt + i] = (long) Math.rint(values[i] * power);
    }
  }

  /** The sum of the integers that {@link #decodeScaled} reads. */
  static long sumScaled(Block block, int from, int count, int scale, MappedFile file) {
    if (block.encoding == DecimalEncoding.NUMBER) {
      return DecimalEncoding.sumUnscaled(block, from, count)
          * BlockSummaries.power(scale - block.scale);
    }
    long[] values = new long[count];
    decodeScaled(block, from, count, scale, values, 0, file);
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  static void decode(Block block, int from, int count, double[] out, int outAt, MappedFile file) {
    switch (block.encoding) {
      case RawEncoding.NUMBER ->
          file.doubles().get((block.payload >>> 3) + from, out, outAt, count);
      case DecimalEncoding.NUMBER -> DecimalEncoding.decode(block, from, count, out, outAt);
      default -> {
        long[] bits = new long[count];
        LongEncoding.of(block.encoding).decode(block, from, count, bits, 0);
        for (int i = 0; i < count; i++) {
          out[outAt + i] = Double.longBitsToDouble(bits[i]);
        }
      }
    }
  }
}
