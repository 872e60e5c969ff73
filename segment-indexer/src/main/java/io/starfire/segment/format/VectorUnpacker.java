package io.starfire.segment.format;

import java.nio.ByteBuffer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of numbers at once, by the Vector API, which is an incubator module of Java. Eight
 * numbers of {@code w} bits are {@code w} bytes, so that all eights begin at a byte. One load takes
 * the words of as many numbers as a vector has lanes. Two permutations put the word in which a
 * number begins, and the one after it, into its lane; two shifts and a mask cut the number out. It
 * needs vectors of 256 bits or more, and is for widths up to 32; what is wider, and what is left
 * over at the ends, is read by {@link PlainUnpacker}.
 *
 * <p>This class is compiled apart and loaded by name, since a JVM may run without the module.
 * Before a loop is compiled it is hundreds of times slower, so that whoever uses it runs it first.
 */
final class VectorUnpacker implements Unpacker {
  // Only constants let the compiler see which instructions are meant.
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, INTS.vectorShape());
  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, INTS.vectorShape());
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, INTS.vectorShape());
  private static final int LANES = INTS.length();

  private static final int MIN_LANES = 8;
  private static final int MAX_WIDTH = 32;

  /** Wider numbers would be below 0 as ints. */
  private static final int MAX_SIGNED_WIDTH = 31;

  /** So many sums of one lane of a chunk stay below 2^31. */
  private static final int MAX_SUM_WIDTH = 24;

  /** Numbers that are unpacked at once. */
  private static final int CHUNK = 1024;

  private static final Unpacker PLAIN = PlainUnpacker.INSTANCE;
  private static final Layout[] LAYOUTS = new Layout[MAX_WIDTH + 1];

  static {
    for (int width = 1; width <= MAX_WIDTH; width++) {
      LAYOUTS[width] = Layout.of(width);
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  /** Where the numbers are in a vector's words; the same for all vectors of a width. */
  private record Layout(
      VectorShuffle<Integer> firstWords,
      VectorShuffle<Integer> nextWords,
      IntVector right,
      IntVector left) {
    static Layout of(int width) {
      int[] first = new int[LANES];
      int[] next = new int[LANES];
      int[] right = new int[LANES];
      int[] left = new int[LANES];
      for (int lane = 0; lane < LANES; lane++) {
        int bit = lane * width;
        first[lane] = bit >>> 5;
        right[lane] = bit & 31;
        // A number that lies in one word gets that word twice: shifted left, it has only zeros
        // below the mask, or, if the number begins with the word, is the number again.
        next[lane] = right[lane] + width > 32 ? first[lane] + 1 : first[lane];
        left[lane] = right[lane] == 0 ? 0 : 32 - right[lane];
      }
      return new Layout(
          VectorShuffle.fromArray(INTS, first, 0),
          VectorShuffle.fromArray(INTS, next, 0),
          IntVector.fromArray(INTS, right, 0),
          IntVector.fromArray(INTS, left, 0));
    }
  }

  /** Arrays of one thread. */
  private static final class Scratch {
    /** A chunk of the widest numbers. A vector is loaded whole, wherever its numbers end. */
    final byte[] bytes = new byte[CHUNK / 8 * MAX_WIDTH + 64];

    final int[] sums = new int[LANES];
  }

  /**
   * Called by name.
   *
   * @throws UnsupportedOperationException if this machine's vectors are too short
   */
  VectorUnpacker() {
    if (LANES < MIN_LANES) {
      throw new UnsupportedOperationException(
          "vectors of this machine have %d bits, and 256 are needed"
              .formatted(INTS.vectorBitSize()));
    }
  }

  @Override
  public String label() {
    return "vector" + INTS.vectorBitSize();
  }

  @Override
  public void ints(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      int base,
      int multiplier,
      int[] out,
      int outAt) {
    int head = head(from, count);
    int middle = middle(width, count - head);
    int tail = head + middle;
    if (middle == 0) {
      PLAIN.ints(data, at, width, from, count, base, multiplier, out, outAt);
      return;
    }
    PLAIN.ints(data, at, width, from, head, base, multiplier, out, outAt);
    Scratch mine = SCRATCH.get();
    for (int done = head; done < tail; done += CHUNK) {
      int length = Math.min(CHUNK, tail - done);
      load(data, at, width, from + done, length, mine.bytes);
      unpack(mine.bytes, width, LAYOUTS[width], length, base, multiplier, out, outAt + done);
    }
    PLAIN.ints(data, at, width, from + tail, count - tail, base, multiplier, out, outAt + tail);
  }

  @Override
  public void longs(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      long base,
      long multiplier,
      long[] out,
      int outAt) {
    int head = head(from, count);
    int middle = width > MAX_SIGNED_WIDTH || multiplier != 1 ? 0 : middle(width, count - head);
    int tail = head + middle;
    if (middle == 0) {
      PLAIN.longs(data, at, width, from, count, base, multiplier, out, outAt);
      return;
    }
    PLAIN.longs(data, at, width, from, head, base, multiplier, out, outAt);
    Scratch mine = SCRATCH.get();
    for (int done = head; done < tail; done += CHUNK) {
      int length = Math.min(CHUNK, tail - done);
      load(data, at, width, from + done, length, mine.bytes);
      unpackLongs(mine.bytes, width, LAYOUTS[width], length, base, out, outAt + done);
    }
    PLAIN.longs(data, at, width, from + tail, count - tail, base, multiplier, out, outAt + tail);
  }

  @Override
  public void decimals(
      ByteBuffer data,
      int at,
      int width,
      int from,
      int count,
      long base,
      double divisor,
      double[] out,
      int outAt) {
    int head = head(from, count);
    int middle = width > MAX_SIGNED_WIDTH ? 0 : middle(width, count - head);
    int tail = head + middle;
    if (middle == 0) {
      PLAIN.decimals(data, at, width, from, count, base, divisor, out, outAt);
      return;
    }
    PLAIN.decimals(data, at, width, from, head, base, divisor, out, outAt);
    Scratch mine = SCRATCH.get();
    for (int done = head; done < tail; done += CHUNK) {
      int length = Math.min(CHUNK, tail - done);
      load(data, at, width, from + done, length, mine.bytes);
      unpackDoubles(
          mine.bytes, width, LAYOUTS[width], length, (double) base, divisor, out, outAt + done);
    }
    PLAIN.decimals(data, at, width, from + tail, count - tail, base, divisor, out, outAt + tail);
  }

  @Override
  public long sum(ByteBuffer data, int at, int width, int from, int count) {
    int head = head(from, count);
    int middle = width > MAX_SUM_WIDTH ? 0 : middle(width, count - head);
    int tail = head + middle;
    if (middle == 0) {
      return PLAIN.sum(data, at, width, from, count);
    }
    long sum = PLAIN.sum(data, at, width, from, head);
    Scratch mine = SCRATCH.get();
    for (int done = head; done < tail; done += CHUNK) {
      int length = Math.min(CHUNK, tail - done);
      load(data, at, width, from + done, length, mine.bytes);
      sumLanes(mine.bytes, width, LAYOUTS[width], length, mine.sums);
      for (int lane = 0; lane < LANES; lane++) {
        sum += mine.sums[lane];
      }
    }
    return sum + PLAIN.sum(data, at, width, from + tail, count - tail);
  }

  /** Numbers before the first that begins at a byte. */
  private static int head(int from, int count) {
    return Math.min(count, -from & 7);
  }

  /** Numbers that fill whole vectors. */
  private static int middle(int width, int count) {
    return width > MAX_WIDTH ? 0 : count / LANES * LANES;
  }

  /** Copies numbers, the first of which begins at a byte, to the start of an array. */
  private static void load(ByteBuffer data, int at, int width, int from, int count, byte[] into) {
    data.get(at + from / 8 * width, into, 0, (count * width + 7) / 8);
  }

  // Loops are small static methods of their own, which the compiler makes the best of.

  private static void unpack(
      byte[] in,
      int width,
      Layout layout,
      int count,
      int base,
      int multiplier,
      int[] out,
      int outAt) {
    VectorShuffle<Integer> firstWords = layout.firstWords;
    VectorShuffle<Integer> nextWords = layout.nextWords;
    IntVector right = layout.right;
    IntVector left = layout.left;
    int mask = (int) ((1L << width) - 1);
    int step = width * LANES / 8;
    int from = 0;
    for (int i = 0; i < count; i += LANES, from += step) {
      IntVector words = ByteVector.fromArray(BYTES, in, from).reinterpretAsInts();
      words
          .rearrange(firstWords)
          .lanewise(VectorOperators.LSHR, right)
          .or(words.rearrange(nextWords).lanewise(VectorOperators.LSHL, left))
          .and(mask)
          .mul(multiplier)
          .add(base)
          .intoArray(out, outAt + i);
    }
  }

  private static void sumLanes(byte[] in, int width, Layout layout, int count, int[] sums) {
    VectorShuffle<Integer> firstWords = layout.firstWords;
    VectorShuffle<Integer> nextWords = layout.nextWords;
    IntVector right = layout.right;
    IntVector left = layout.left;
    int mask = (int) ((1L << width) - 1);
    int step = width * LANES / 8;
    int from = 0;
    IntVector total = IntVector.zero(INTS);
    for (int i = 0; i < count; i += LANES, from += step) {
      IntVector words = ByteVector.fromArray(BYTES, in, from).reinterpretAsInts();
      total =
          words
              .rearrange(firstWords)
              .lanewise(VectorOperators.LSHR, right)
              .or(words.rearrange(nextWords).lanewise(VectorOperators.LSHL, left))
              .and(mask)
              .add(total);
    }
    total.intoArray(sums, 0);
  }

  private static void unpackLongs(
      byte[] in, int width, Layout layout, int count, long base, long[] out, int outAt) {
    VectorShuffle<Integer> firstWords = layout.firstWords;
    VectorShuffle<Integer> nextWords = layout.nextWords;
    IntVector right = layout.right;
    IntVector left = layout.left;
    int mask = (int) ((1L << width) - 1);
    int step = width * LANES / 8;
    int from = 0;
    for (int i = outAt; i < outAt + count; i += LANES, from += step) {
      IntVector words = ByteVector.fromArray(BYTES, in, from).reinterpretAsInts();
      IntVector numbers =
          words
              .rearrange(firstWords)
              .lanewise(VectorOperators.LSHR, right)
              .or(words.rearrange(nextWords).lanewise(VectorOperators.LSHL, left))
              .and(mask);
      ((LongVector) numbers.convertShape(VectorOperators.I2L, LONGS, 0))
          .add(base)
          .intoArray(out, i);
      ((LongVector) numbers.convertShape(VectorOperators.I2L, LONGS, 1))
          .add(base)
          .intoArray(out, i + LANES / 2);
    }
  }

  /** The base and the numbers are below 2^53, so that their sum as doubles is exact. */
  private static void unpackDoubles(
      byte[] in,
      int width,
      Layout layout,
      int count,
      double base,
      double divisor,
      double[] out,
      int outAt) {
    VectorShuffle<Integer> firstWords = layout.firstWords;
    VectorShuffle<Integer> nextWords = layout.nextWords;
    IntVector right = layout.right;
    IntVector left = layout.left;
    int mask = (int) ((1L << width) - 1);
    int step = width * LANES / 8;
    int from = 0;
    for (int i = outAt; i < outAt + count; i += LANES, from += step) {
      IntVector words = ByteVector.fromArray(BYTES, in, from).reinterpretAsInts();
      IntVector numbers =
          words
              .rearrange(firstWords)
              .lanewise(VectorOperators.LSHR, right)
              .or(words.rearrange(nextWords).lanewise(VectorOperators.LSHL, left))
              .and(mask);
      ((DoubleVector) numbers.convertShape(VectorOperators.I2D, DOUBLES, 0))
          .add(base)
          .div(divisor)
          .intoArray(out, i);
      ((DoubleVector) numbers.convertShape(VectorOperators.I2D, DOUBLES, 1))
          .add(base)
          .div(divisor)
          .intoArray(out, i + LANES / 2);
    }
  }
}
