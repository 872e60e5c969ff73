package io.starfire.segment.format;

/** Chooses the encoding of a block of longs: the smallest, the simpler one at equal size. */
final class LongBlocks {
  private LongBlocks() {}

  /** Appends a block of {@code rows} numbers, which are 0 where they are null. */
  static void encode(long[] values, int rows, boolean[] nulls, ByteSink out) {
    BlockStatistics statistics = BlockStatistics.of(values, rows);
    smallest(statistics).encode(values, statistics, nulls, out);
    out.align();
  }

  static LongEncoding smallest(BlockStatistics statistics) {
    LongEncoding best = ConstantEncoding.INSTANCE;
    for (int number = PackedEncoding.NUMBER; number <= RawEncoding.NUMBER; number++) {
      LongEncoding candidate = LongEncoding.of(number);
      if (candidate.payloadBytes(statistics) < best.payloadBytes(statistics)) {
        best = candidate;
      }
    }
    return best;
  }
}
