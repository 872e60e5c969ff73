package io.starfire.segment.format;

import java.util.Arrays;

/** Encoding 0: all numbers are equal. */
enum ConstantEncoding implements LongEncoding {
  INSTANCE;

  static final int NUMBER = 0;

  @Override
  public long payloadBytes(BlockStatistics statistics) {
    return statistics.runs() == 1 ? 0 : Long.MAX_VALUE;
  }

  @Override
  public void encode(long[] values, BlockStatistics statistics, boolean[] nulls, ByteSink out) {
    LongEncoding.header(out, NUMBER, 0, 0, statistics.rows(), values[0], 0, nulls);
  }

  @Override
  public void decode(Block block, int from, int count, long[] out, int outAt) {
    Arrays.fill(out, outAt, outAt + count, block.base);
  }

  @Override
  public void decodeInts(Block block, int from, int count, int[] out, int outAt) {
    Arrays.fill(out, outAt, outAt + count, (int) block.base);
  }

  @Override
  public long sum(Block block, int from, int count) {
    return block.base * count;
  }
}
