package io.starfire.segment.format;

import java.nio.ByteBuffer;

/**
 * A way to read unsigned numbers of equal width from a bit stream. All ways give the same numbers;
 * {@link Unpacking} says which one is used. Stateless; thread-safe.
 *
 * @see BitPacking
 */
interface Unpacker {
  /** What metrics and the log call it. */
  String label();

  /**
   * Reads {@code base + multiplier * number} for numbers {@code [from, from + count)}.
   *
   * @param at where the stream starts in the data
   * @param width of a number in bits, from 1 to {@link BitPacking#MAX_WIDTH}
   */
  void longs(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      long base,
      long multiplier,
      long[] out,
      int outAt);

  /** As {@link #longs}, for values that fit ints. */
  void ints(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      int base,
      int multiplier,
      int[] out,
      int outAt);

  /** Reads {@code (base + number) / divisor}. */
  void decimals(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      long base,
      double divisor,
      double[] out,
      int outAt);

  /** The sum of numbers {@code [from, from + count)}, which fits a long. */
  long sum(ByteBuffer data, int at, int width, int from, int count);
}
