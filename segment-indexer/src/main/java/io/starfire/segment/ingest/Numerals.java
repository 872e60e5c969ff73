package io.starfire.segment.ingest;

import java.nio.charset.StandardCharsets;

/**
 * Numbers from text. Longs are exact: a fraction is refused, and not cut. Doubles are what {@link
 * Double#parseDouble} makes of a decimal; hexadecimal, suffixes, NaN and infinities are refused.
 * Stateless.
 */
final class Numerals {
  /** Powers of ten that a double holds exactly. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** Digits that a long holds whatever they are. */
  private static final int SAFE_DIGITS = 18;

  /** The largest long below which every one is a double. */
  private static final long MAX_EXACT = 1L << 53;

  private Numerals() {}

  /**
   * A long.
   *
   * @throws NumberFormatException if the text is none
   */
  static long toLong(byte[] bytes, int from, int to) {
    int at = from;
    boolean negative = at < to && bytes[at] == '-';
    at += negative ? 1 : 0;
    if (at == to || to - at > SAFE_DIGITS) {
      return toLong(text(bytes, from, to));
    }
    long value = 0;
    for (; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return toLong(text(bytes, from, to));
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  /** As of the bytes. A decimal is accepted if its value is whole, such as 5.0 or 1e3. */
  static long toLong(String text) {
    String trimmed = text.strip();
    try {
      return Long.parseLong(trimmed);
    } catch (NumberFormatException e) {
      return whole(toDouble(trimmed));
    }
  }

  /** The long that a double is. */
  static long whole(double value) {
    if (value != Math.rint(value) || Math.abs(value) > MAX_EXACT) {
      throw new NumberFormatException("not a whole number");
    }
    return (long) value;
  }

  /**
   * A double.
   *
   * @throws NumberFormatException if the text is none
   */
  static double toDouble(byte[] bytes, int from, int to) {
    int at = from;
    boolean negative = at < to && bytes[at] == '-';
    at += negative ? 1 : 0;
    long digits = 0;
    int decimals = -1;
    int seen = 0;
    for (; at < to; at++) {
      byte b = bytes[at];
      if (b == '.' && decimals < 0) {
        decimals = 0;
      } else if (b >= '0' && b <= '9' && ++seen <= SAFE_DIGITS) {
        digits = digits * 10 + (b - '0');
        decimals += decimals >= 0 ? 1 : 0;
      } else {
        return toDouble(text(bytes, from, to));
      }
    }
    // One rounding, of two exact numbers: the nearest double (Clinger's fast path).
    if (seen == 0 || digits > MAX_EXACT) {
      return toDouble(text(bytes, from, to));
    }
    double value = decimals > 0 ? digits / POWERS_OF_TEN[decimals] : digits;
    return negative ? -value : value;
  }

  /** As of the bytes. */
  static double toDouble(String text) {
    String trimmed = text.strip();
    for (int i = 0; i < trimmed.length(); i++) {
      char c = trimmed.charAt(i);
      boolean decimal = (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0;
      if (!decimal) {
        throw new NumberFormatException("not a decimal number");
      }
    }
    double value = Double.parseDouble(trimmed);
    if (Double.isInfinite(value)) {
      throw new NumberFormatException("beyond the range of doubles");
    }
    return value;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
