package io.starfire.decoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;

/**
 * Reads numbers from text. A number has ASCII decimal digits; a sign, a point, an exponent, and
 * blanks at its ends are optional. Hexadecimal digits and suffixes are refused.
 *
 * <p>Whole numbers are exact; a fraction that is not zero is refused. A double is the nearest one;
 * {@code NaN}, {@code Infinity} and {@code -Infinity} are accepted, and a number beyond the range
 * is refused. Stateless; thread-safe.
 */
public final class Numerals {
  /** Largest number of characters of a number. */
  static final int MAX_LENGTH = 1000;

  /** Largest number of digits of an exponent: else a short text could cost much work. */
  private static final int MAX_EXPONENT_DIGITS = 9;

  /** Powers of ten that a double holds exactly. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** A number of so many digits always fits into a long. */
  private static final int SAFE_DIGITS = 18;

  /** Up to here every long is exactly a double. */
  private static final long MAX_EXACT = 1L << 53;

  private Numerals() {}

  static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > ' ') {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads a whole number.
   *
   * @param from start of the text, inclusive
   * @param to end of the text, exclusive
   * @throws NumberFormatException if the text is not a number
   * @throws ArithmeticException if it has a fraction that is not zero, or does not fit into 64 bits
   */
  public static long toLong(byte[] bytes, int from, int to) {
    int at = from;
    boolean negative = at < to && bytes[at] == '-';
    at += negative ? 1 : 0;
    if (at == to || to - at > SAFE_DIGITS) {
      return toDecimal(text(bytes, from, to)).longValueExact();
    }
    long value = 0;
    for (; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return toDecimal(text(bytes, from, to)).longValueExact();
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  /** The same for text. */
  public static long toLong(String text) {
    byte[] bytes = asciiOf(text);
    return toLong(bytes, 0, bytes.length);
  }

  /**
   * Reads a number of any size, exactly.
   *
   * @throws NumberFormatException if the text is not a number
   */
  public static BigDecimal toDecimal(String text) {
    return new BigDecimal(requireNumber(text.trim()));
  }

  /**
   * Reads the nearest double.
   *
   * @param from start of the text, inclusive
   * @param to end of the text, exclusive
   * @throws NumberFormatException if the text is not a number
   * @throws ArithmeticException if it is beyond the range of doubles
   */
  public static double toDouble(byte[] bytes, int from, int to) {
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
        return anyDouble(text(bytes, from, to));
      }
    }
    // Both numbers are exact, so that one rounding gives the nearest double (Clinger's fast path).
    if (seen == 0 || digits > MAX_EXACT) {
      return anyDouble(text(bytes, from, to));
    }
    double value = decimals > 0 ? digits / POWERS_OF_TEN[decimals] : digits;
    return negative ? -value : value;
  }

  /** The same for text. */
  public static double toDouble(String text) {
    byte[] bytes = asciiOf(text);
    return toDouble(bytes, 0, bytes.length);
  }

  private static double anyDouble(String text) {
    String trimmed = text.trim();
    return switch (trimmed) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> finiteDouble(trimmed);
    };
  }

  private static double finiteDouble(String text) {
    double value = Double.parseDouble(requireNumber(text));
    if (Double.isInfinite(value)) {
      throw new ArithmeticException("beyond the range of doubles");
    }
    return value;
  }

  private static String requireNumber(String text) {
    if (!isNumber(text)) {
      throw new NumberFormatException("not a decimal number");
    }
    return text;
  }

  /** Whether a text without blanks at its ends is a decimal number. */
  static boolean isNumber(String text) {
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    int at = afterSign(text, 0);
    int whole = afterDigits(text, at);
    int digits = whole - at;
    at = whole;
    if (at < text.length() && text.charAt(at) == '.') {
      at = afterDigits(text, at + 1);
      digits = at - whole - 1 + digits;
    }
    if (digits == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = afterSign(text, at + 1);
      at = afterDigits(text, exponent);
      int length = at - exponent;
      return at == text.length() && length > 0 && length <= MAX_EXPONENT_DIGITS;
    }
    return at == text.length();
  }

  private static int afterSign(String text, int at) {
    boolean signed = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
    return signed ? at + 1 : at;
  }

  private static int afterDigits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /** The bytes of ASCII text. Any other character becomes a byte that no number contains. */
  private static byte[] asciiOf(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, UTF_8);
  }
}
