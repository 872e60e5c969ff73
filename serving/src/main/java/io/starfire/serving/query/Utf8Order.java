package io.starfire.serving.query;

import java.util.Comparator;

/**
 * The order of strings by their UTF-8 bytes, which is the order of code points and that of sorted
 * dictionaries. Java's own order differs where surrogates meet U+E000 and above.
 */
enum Utf8Order implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean aSurrogate = Character.isSurrogate(a);
        boolean bSurrogate = Character.isSurrogate(b);
        if (aSurrogate == bSurrogate) {
          return Character.compare(a, b);
        }
        // A surrogate stands for a code point above all that one char can hold.
        return aSurrogate ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
