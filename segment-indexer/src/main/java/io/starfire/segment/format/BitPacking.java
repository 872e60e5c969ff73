package io.starfire.segment.format;

import java.nio.ByteBuffer;

/**
 * Unsigned numbers of equal width as a little-endian bit stream. Reading is one unaligned load, one
 * shift and one mask a number, which is why widths end at 56 and 8 bytes follow the stream.
 * Stateless.
 */
final class BitPacking {
  static final int MAX_WIDTH = 56;

  private static final int SLACK_BYTES = 8;

  private BitPacking() {}

  /** Bits for unsigned numbers up to {@code largest}. */
  static int widthOf(long largest) {
    return 64 - Long.numberOfLeadingZeros(largest);
  }

  /** Bytes of a stream, the slack after it included; a multiple of 8. */
  static int packedBytes(int count, int width) {
    return SegmentFormat.align((int) (((long) count * width + 7) >>> 3)) + SLACK_BYTES;
  }

  static void pack(long[] values, int count, int width, ByteSink out) {
    int at = out.reserve(packedBytes(count, width));
    long word = 0;
    int filled = 0;
    for (int i = 0; i < count; i++) {
      word |= values[i] << filled;
      filled += width;
      if (filled >= 64) {
        out.setLong(at, word);
        at += 8;
        filled -= 64;
        word = filled == 0 ? 0 : values[i] >>> (width - filled);
      }
    }
    if (filled > 0) {
      out.setLong(at, word);
    }
  }

  /** Reads {@code base + multiplier * number} for numbers {@code [from, from + count)}. */
  static void unpack(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      long base,
      long multiplier,
      long[] out,
      int outAt) {
    long mask = (1L << width) - 1;
    int bit = from * width;
    for (int i = outAt; i < outAt + count; i++) {
      long number = (data.getLong(at + (bit >>> 3)) >>> (bit & 7)) & mask;
      out[i] = base + number * multiplier;
      bit += width;
    }
  }

  /** As {@link #unpack}, for values that fit ints. */
  static void unpackInts(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      int base,
      int multiplier,
      int[] out,
      int outAt) {
    int mask = (int) ((1L << width) - 1);
    int bit = from * width;
    for (int i = outAt; i < outAt + count; i++) {
      int number = (int) (data.getLong(at + (bit >>> 3)) >>> (bit & 7)) & mask;
      out[i] = base + number * multiplier;
      bit += width;
    }
  }

  /** Reads {@code (base + number) / divisor}. */
  static void unpackDecimals(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      long base,
      double divisor,
      double[] out,
      int outAt) {
    long mask = (1L << width) - 1;
    int bit = from * width;
    for (int i = outAt; i < outAt + count; i++) {
      long number = (data.getLong(at + (bit >>> 3)) >>> (bit & 7)) & mask;
      out[i] = (base + number) / divisor;
      bit += width;
    }
  }
}
