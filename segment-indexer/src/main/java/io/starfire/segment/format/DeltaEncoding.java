package io.starfire.segment.format;

/**
 * Encoding 2: numbers that do not decrease, as bit-packed steps, with the number itself at every
 * {@link SegmentFormat#CHECKPOINT_ROWS} rows, from which reading can start.
 */
enum DeltaEncoding implements LongEncoding {
  INSTANCE;

  static final int NUMBER = 2;

  @Override
  public long payloadBytes(BlockStatistics statistics) {
    if (!statistics.increasing() || statistics.maxStep() == 0) {
      return Long.MAX_VALUE;
    }
    int width = width(statistics);
    return width > BitPacking.MAX_WIDTH
        ? Long.MAX_VALUE
        : checkpoints(statistics.rows()) * 8L + BitPacking.packedBytes(statistics.rows(), width);
  }

  private static int width(BlockStatistics statistics) {
    return BitPacking.widthOf(statistics.maxStep() / statistics.divisor());
  }

  private static int checkpoints(int rows) {
    return (rows + SegmentFormat.CHECKPOINT_ROWS - 1) / SegmentFormat.CHECKPOINT_ROWS;
  }

  @Override
  public void encode(long[] values, BlockStatistics statistics, boolean[] nulls, ByteSink out) {
    int rows = statistics.rows();
    int width = width(statistics);
    long divisor = statistics.divisor();
    LongEncoding.header(out, NUMBER, width, 0, rows, values[0], divisor, nulls);
    long[] steps = new long[rows];
    for (int i = 0; i < rows; i++) {
      if (i % SegmentFormat.CHECKPOINT_ROWS == 0) {
        out.putLong(values[i]);
      } else {
        steps[i] = (values[i] - values[i - 1]) / divisor;
      }
    }
    BitPacking.pack(steps, rows, width, out);
  }

  @Override
  public void decode(Block block, int from, int count, long[] out, int outAt) {
    int packed = block.payload + checkpoints(block.rows) * 8;
    int row = from;
    int end = from + count;
    while (row < end) {
      int checkpoint = row / SegmentFormat.CHECKPOINT_ROWS;
      int start = checkpoint * SegmentFormat.CHECKPOINT_ROWS;
      int stop = Math.min(end, start + SegmentFormat.CHECKPOINT_ROWS);
      long value = block.data.getLong(block.payload + checkpoint * 8);
      readSection(block, packed, start, row, stop, value, out, outAt + row - from);
      row = stop;
    }
  }

  private static void readSection(
      Block block, int packed, int start, int from, int stop, long value, long[] out, int outAt) {
    int width = block.width;
    long mask = (1L << width) - 1;
    int bit = start * width;
    int at = outAt - (from - start);
    long current = value;
    for (int row = start; row < stop; row++, at++, bit += width) {
      long step = (block.data.getLong(packed + (bit >>> 3)) >>> (bit & 7)) & mask;
      current += step * block.parameter;
      if (row >= from) {
        out[at] = current;
      }
    }
  }
}
