package io.starfire.segment.format;

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
    BlockStatistics statistics = BlockStatistics.of(bits, rows);
    long limit = rows * 8L / 2;
    if (statistics.runs() == 1) {
      ConstantEncoding.INSTANCE.encode(bits, statistics, nulls, out);
    } else if (RunLengthEncoding.INSTANCE.payloadBytes(statistics) < rows) {
      RunLengthEncoding.INSTANCE.encode(bits, statistics, nulls, out);
    } else if (!DecimalEncoding.encode(bits, rows, nulls, limit, out)) {
      RawEncoding.INSTANCE.encode(bits, statistics, nulls, out);
    }
    out.align();
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
