package io.starfire.segment.sketch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The registers of an HLL sketch, to which the coupons of many values are added: an addition and a
 * comparison each, where the library hashes each value again. In the end they are a sketch of the
 * library, which has the same registers as one that was given the values. Not thread-safe.
 *
 * <p>A coupon is what the library makes of a hash of 128 bits (its class {@code BaseHllSketch}):
 * the lowest 26 bits of the first half say the register, and above them is the number of leading
 * zeros of the second half, plus one. A sketch of {@code 2^lgK} registers uses the lowest {@code
 * lgK} bits. The bytes of a sketch are those of the library's class {@code PreambleUtil}.
 */
public final class HllRegisters {
  /** The library's default, and Druid's. */
  static final long SEED = 9001;

  private static final int REGISTER_BITS = 26;
  private static final int MAX_ZEROS = 62;

  /** A sketch of so many values, or of an eighth of its registers, is not a list of values. */
  private static final int MOST_LISTED = 8;

  private static final int HEADER_BYTES = 40;
  private static final int HEADER_INTS = 10;
  private static final int VERSION = 1;
  private static final int FAMILY = 7;

  /** The history of the values is not known, so that the registers alone give the estimate. */
  private static final int OUT_OF_ORDER = 16;

  /** Registers, as a byte each. */
  private static final int MODE = 2 | (2 << 2);

  /** From here on, their powers of two are added up apart. */
  private static final int LARGE = 32;

  private final int lgK;
  private final byte[] registers;

  public HllRegisters(HllSpec spec) {
    this.lgK = spec.lgK();
    this.registers = new byte[1 << lgK];
  }

  static int coupon(long[] hash) {
    int zeros = Math.min(MAX_ZEROS, Long.numberOfLeadingZeros(hash[1]));
    return ((zeros + 1) << REGISTER_BITS) | ((int) hash[0] & ((1 << REGISTER_BITS) - 1));
  }

  /** Adds a value; a coupon of 0 is none. */
  public void add(int coupon) {
    int register = coupon & (registers.length - 1);
    int value = coupon >>> REGISTER_BITS;
    if (value > registers[register]) {
      registers[register] = (byte) value;
    }
  }

  /**
   * Whether the library would keep registers for these values. Of fewer it keeps the coupons, which
   * cannot be told from registers.
   */
  public boolean areEnough() {
    int filled = 0;
    for (byte register : registers) {
      filled += register == 0 ? 0 : 1;
    }
    return filled > leastValues(lgK);
  }

  /** With no more values than that there is no point in registers. */
  public static int leastValues(HllSpec spec) {
    return leastValues(spec.lgK());
  }

  private static int leastValues(int lgK) {
    return Math.max(MOST_LISTED, 1 << Math.max(0, lgK - 3));
  }

  /** The sketch, in the library's form. */
  public byte[] toSketch() {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + registers.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) HEADER_INTS).put((byte) VERSION).put((byte) FAMILY).put((byte) lgK);
    out.put((byte) 0).put((byte) OUT_OF_ORDER).put((byte) 0).put((byte) MODE);
    double small = 0;
    double large = 0;
    int empty = 0;
    for (byte register : registers) {
      double part = Math.scalb(1.0, -register);
      small += register < LARGE ? part : 0;
      large += register < LARGE ? 0 : part;
      empty += register == 0 ? 1 : 0;
    }
    out.putDouble(0).putDouble(small).putDouble(large).putInt(empty).putInt(0);
    return out.put(registers).array();
  }
}
