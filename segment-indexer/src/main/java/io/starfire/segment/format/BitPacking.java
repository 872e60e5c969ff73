package io.starfire.segment.format;

/**
 * Unsigned numbers of equal width as a little-endian bit stream. A number can be read by one
 * unaligned load, one shift and one mask, which is why widths end at 56 and 8 bytes follow the
 * stream; {@link Unpacker} reads many. Stateless.
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
}
