package io.starfire.segment.format;

import java.util.Arrays;

/** Encoding 3: runs of equal numbers, each with the row after its last. */
enum RunLengthEncoding implements LongEncoding {
  INSTANCE;

  static final int NUMBER = 3;

  @Override
  public long payloadBytes(BlockStatistics statistics) {
    return SegmentFormat.align(statistics.runs() * 4) + statistics.runs() * 8L;
  }

  @Override
  public void encode(long[] values, BlockStatistics statistics, boolean[] nulls, ByteSink out) {
    int rows = statistics.rows();
    int runs = statistics.runs();
    LongEncoding.header(out, NUMBER, 0, 0, rows, values[0], runs, nulls);
    long[] runValues = new long[runs];
    int run = 0;
    for (int row = 1; row <= rows; row++) {
      if (row == rows || values[row] != values[row - 1]) {
        runValues[run++] = values[row - 1];
        out.putInt(row);
      }
    }
    out.align();
    Arrays.stream(runValues).forEach(out::putLong);
  }

  @Override
  public void decode(Block block, int from, int count, long[] out, int outAt) {
    int values = block.payload + SegmentFormat.align((int) block.parameter * 4);
    int run = runOf(block, from);
    int row = from;
    int end = from + count;
    while (row < end) {
      int stop = Math.min(end, runEnd(block, run));
      long value = block.data.getLong(values + run * 8);
      Arrays.fill(out, outAt + row - from, outAt + stop - from, value);
      row = stop;
      run++;
    }
  }

  @Override
  public void decodeInts(Block block, int from, int count, int[] out, int outAt) {
    int values = block.payload + SegmentFormat.align((int) block.parameter * 4);
    int run = runOf(block, from);
    int row = from;
    int end = from + count;
    while (row < end) {
      int stop = Math.min(end, runEnd(block, run));
      int value = (int) block.data.getLong(values + run * 8);
      Arrays.fill(out, outAt + row - from, outAt + stop - from, value);
      row = stop;
      run++;
    }
  }

  /** The run that holds a row. */
  private static int runOf(Block block, int row) {
    int low = 0;
    int high = (int) block.parameter - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runEnd(block, middle) <= row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int runEnd(Block block, int run) {
    return block.data.getInt(block.payload + run * 4);
  }
}
