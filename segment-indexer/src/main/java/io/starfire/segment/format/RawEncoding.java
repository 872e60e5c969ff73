package io.starfire.segment.format;

/** Encoding 4: the numbers as they are. */
enum RawEncoding implements LongEncoding {
  INSTANCE;

  static final int NUMBER = 4;

  @Override
  public long payloadBytes(BlockStatistics statistics) {
    return statistics.rows() * 8L;
  }

  @Override
  public void encode(long[] values, BlockStatistics statistics, boolean[] nulls, ByteSink out) {
    int rows = statistics.rows();
    LongEncoding.header(out, NUMBER, 0, 0, rows, 0, 0, nulls);
    for (int i = 0; i < rows; i++) {
      out.putLong(values[i]);
    }
  }

  @Override
  public void decode(Block block, int from, int count, long[] out, int outAt) {
    block.longs.get((block.payload >>> 3) + from, out, outAt, count);
  }
}
