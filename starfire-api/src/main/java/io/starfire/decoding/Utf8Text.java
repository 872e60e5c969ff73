package io.starfire.decoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;

/**
 * Strict Unicode. Bytes that are not UTF-8, and halves of surrogate pairs, are refused. Replacing
 * them would make different values equal.
 */
public final class Utf8Text {
  static final int MARK_BYTES = 3;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;

  private Utf8Text() {}

  static boolean startsWithMark(byte[] bytes, int from, int to) {
    return to - from >= MARK_BYTES
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF;
  }

  /** The length in bytes of the byte order mark at the start of a text; 0 if there is none. */
  public static int markLength(byte[] bytes) {
    return startsWithMark(bytes, 0, bytes.length) ? MARK_BYTES : 0;
  }

  static String decode(byte[] bytes, int from, int to) {
    return isAscii(bytes, from, to)
        ? new String(bytes, from, to - from, ISO_8859_1)
        : strict(bytes, from, to);
  }

  /** Whether all bytes are ASCII characters. */
  static boolean isAscii(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      if (((long) LONGS.get(bytes, at) & HIGH_BITS) != 0) {
        return false;
      }
    }
    if (at > from) {
      // The last eight, some of them once more.
      return ((long) LONGS.get(bytes, to - Long.BYTES) & HIGH_BITS) == 0;
    }
    for (; at < to; at++) {
      if (bytes[at] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a byte, which is not negative, is among others. */
  public static boolean contains(byte[] bytes, int from, int to, byte sought) {
    return indexOf(bytes, from, to, sought) < to;
  }

  /**
   * The place of the first byte that is the one sought, which is not negative; {@code to} if none
   * is.
   */
  public static int indexOf(byte[] bytes, int from, int to, byte sought) {
    return indexOf(bytes, from, to, sought, sought);
  }

  /**
   * The place of the first byte that is one of two, which are not negative; {@code to} if none is.
   */
  static int indexOf(byte[] bytes, int from, int to, byte one, byte other) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      long found = zeroBytes(word ^ one * ONES) | zeroBytes(word ^ other * ONES);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && bytes[at] != one && bytes[at] != other) {
      at++;
    }
    return at;
  }

  /** The high bits of the bytes that are zero; right up to the first of them. */
  private static long zeroBytes(long word) {
    return (word - ONES) & ~word & HIGH_BITS;
  }

  /** Whether the bytes are UTF-8: the table of well-formed sequences of Unicode, chapter 3.9. */
  public static boolean isValid(byte[] bytes, int from, int to) {
    if (isAscii(bytes, from, to)) {
      return true;
    }
    int at = from;
    while (at < to) {
      int length = bytes[at] >= 0 ? 1 : sequenceLength(bytes, at, to);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** The bytes of the character that begins with a byte that is not ASCII; 0 if it is none. */
  private static int sequenceLength(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xFF;
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || at + length > to) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int smallest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int largest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < smallest || second > largest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Refuses bytes that are not UTF-8. */
  static void requireValid(byte[] bytes, int from, int to) {
    if (!isValid(bytes, from, to)) {
      throw new DecodingFailure("the text is not UTF-8");
    }
  }

  private static String strict(byte[] bytes, int from, int to) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from)).toString();
    } catch (CharacterCodingException e) {
      throw new DecodingFailure("the text is not UTF-8", e);
    }
  }

  /** The text itself; refused if it contains half of a surrogate pair, as JSON can. */
  public static String requireWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return requirePairs(text);
      }
    }
    return text;
  }

  private static String requirePairs(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new DecodingFailure(
            "the text has half of a surrogate pair (\\u%04x) at character %d, which is no Unicode"
                .formatted((int) c, i));
      }
    }
    return text;
  }
}
