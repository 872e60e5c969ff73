package io.starfire.decoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Strict Unicode. Bytes that are not UTF-8, and halves of surrogate pairs, are refused. Replacing
 * them would make different values equal.
 */
public final class Utf8Text {
  static final int MARK_BYTES = 3;

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
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return strict(bytes, from, to);
      }
    }
    return new String(bytes, from, to - from, ISO_8859_1);
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
