package io.starfire.common;

import java.util.Comparator;

/**
 * Orders strings by their UTF-8 bytes, that is, by their code points. Null comes first. {@link
 * String#compareTo} differs: it puts characters above U+FFFF before those from U+E000 to U+FFFF.
 * Stateless; thread-safe.
 */
public final class Utf8Order {
  /** The order as a comparator; accepts null. */
  public static final Comparator<String> COMPARATOR = Utf8Order::compare;

  private static final char REPLACEMENT = '\uFFFD';

  private Utf8Order() {}

  /** Compares two strings, either of which may be null, by their UTF-8 bytes. */
  public static int compare(String left, String right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Integer.compare(rank(a), rank(b));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /**
   * Replaces each half of a surrogate pair, which UTF-8 cannot express, by U+FFFD. Returns the
   * string itself if there is none. Decoders refuse such text, but a function of a pipeline may cut
   * a string in the middle of a character. {@code ?} is not used, since data may contain it.
   */
  public static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return withReplacements(text);
      }
    }
    return text;
  }

  private static String withReplacements(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }

  /** Moves surrogates above all other characters: they stand for code points above U+FFFF. */
  private static int rank(char c) {
    if (c < 0xD800) {
      return c;
    }
    return c >= 0xE000 ? c - 0x800 : c + 0x2000;
  }
}
