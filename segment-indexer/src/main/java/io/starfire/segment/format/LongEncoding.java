package io.starfire.segment.format;

import java.util.Arrays;

/** A way to store the numbers of a data block. Stateless. */
sealed interface LongEncoding
    permits ConstantEncoding, PackedEncoding, DeltaEncoding, RunLengthEncoding, RawEncoding {
  /** In the order of preference at equal size; the place in the array is the encoding's number. */
  static LongEncoding of(int number) {
    return switch (number) {
      case ConstantEncoding.NUMBER -> ConstantEncoding.INSTANCE;
      case PackedEncoding.NUMBER -> PackedEncoding.INSTANCE;
      case DeltaEncoding.NUMBER -> DeltaEncoding.INSTANCE;
      case RunLengthEncoding.NUMBER -> RunLengthEncoding.INSTANCE;
      case RawEncoding.NUMBER -> RawEncoding.INSTANCE;
      default -> throw new IllegalArgumentException("no long encoding has number " + number);
    };
  }

  /** Bytes of the payload, or {@link Long#MAX_VALUE} if it cannot hold these numbers. */
  long payloadBytes(BlockStatistics statistics);

  /** Appends the block, header included. */
  void encode(long[] values, BlockStatistics statistics, boolean[] nulls, ByteSink out);

  /** Reads the numbers of rows {@code [from, from + count)} of the block. */
  void decode(Block block, int from, int count, long[] out, int outAt);

  /** As {@link #decode}, for numbers that fit ints. */
  default void decodeInts(Block block, int from, int count, int[] out, int outAt) {
    long[] numbers = new long[count];
    decode(block, from, count, numbers, 0);
    for (int i = 0; i < count; i++) {
      out[outAt + i] = (int) numbers[i];
    }
  }

  /** The sum of rows {@code [from, from + count)} of the block, which fits a long. */
  default long sum(Block block, int from, int count) {
    long[] numbers = new long[count];
    decode(block, from, count, numbers, 0);
    long sum = 0;
    for (long number : numbers) {
      sum += number;
    }
    return sum;
  }

  /** Appends a header and the null bits. */
  static void header(
      ByteSink out,
      int encoding,
      int width,
      int scale,
      int rows,
      long base,
      long parameter,
      boolean[] nulls) {
    out.putByte(encoding);
    out.putByte(width);
    out.putByte(nulls == null ? 0 : Block.HAS_NULLS);
    out.putByte(scale);
    out.putInt(rows);
    out.putLong(base);
    out.putLong(parameter);
    if (nulls != null) {
      long[] words = new long[Block.nullBytes(rows) / 8];
      for (int row = 0; row < rows; row++) {
        words[row >>> 6] |= nulls[row] ? 1L << row : 0;
      }
      Arrays.stream(words).forEach(out::putLong);
    }
  }
}
