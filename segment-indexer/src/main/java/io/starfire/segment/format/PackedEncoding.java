package io.starfire.segment.format;

/** Encoding 1: distances from the smallest number, divided by what divides them all, bit-packed. */
enum PackedEncoding implements LongEncoding {
  INSTANCE;

  static final int NUMBER = 1;

  @Override
  public long payloadBytes(BlockStatistics statistics) {
    int width = width(statistics);
    return width > BitPacking.MAX_WIDTH
        ? Long.MAX_VALUE
        : BitPacking.packedBytes(statistics.rows(), width);
  }

  private static int width(BlockStatistics statistics) {
    long range = statistics.max() - statistics.min();
    return BitPacking.widthOf(Long.divideUnsigned(range, statistics.divisor()));
  }

  @Override
  public void encode(long[] values, BlockStatistics statistics, boolean[] nulls, ByteSink out) {
    int rows = statistics.rows();
    int width = width(statistics);
    long divisor = statistics.divisor();
    LongEncoding.header(out, NUMBER, width, 0, rows, statistics.min(), divisor, nulls);
    long[] distances = new long[rows];
    for (int i = 0; i < rows; i++) {
      long distance = values[i] - statistics.min();
      distances[i] = divisor == 1 ? distance : distance / divisor;
    }
    BitPacking.pack(distances, rows, width, out);
  }

  @Override
  public void decode(Block block, int from, int count, long[] out, int outAt) {
    Unpacking.used()
        .longs(
            block.data,
            block.payload,
            block.width,
            from,
            count,
            block.base,
            block.parameter,
            out,
            outAt);
  }

  @Override
  public void decodeInts(Block block, int from, int count, int[] out, int outAt) {
    Unpacking.used()
        .ints(
            block.data,
            block.payload,
            block.width,
            from,
            count,
            (int) block.base,
            (int) block.parameter,
            out,
            outAt);
  }

  @Override
  public long sum(Block block, int from, int count) {
    return block.base * count
        + block.parameter
            * Unpacking.used().sum(block.data, block.payload, block.width, from, count);
  }
}
