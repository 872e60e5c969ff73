package io.starfire.serving.query;

import java.util.Arrays;

/**
 * A pattern of SQL's {@code LIKE}. Matching goes back only to the last {@code %}, so that its time
 * is bounded by the product of the lengths. Immutable.
 */
final class LikePattern implements TextPredicate {
  private static final int ANY_TEXT = -1;
  private static final int ANY_CHARACTER = -2;

  /** Code points, or one of the above. */
  private final int[] parts;

  private final String prefix;

  private LikePattern(int[] parts) {
    this.parts = parts;
    int fixed = 0;
    while (fixed < parts.length && parts[fixed] >= 0) {
      fixed++;
    }
    this.prefix = new String(parts, 0, fixed);
  }

  /**
   * Reads a pattern.
   *
   * @param escape may be null
   */
  static LikePattern of(String dimension, String pattern, Character escape) {
    if (pattern == null) {
      throw QueryChecks.invalid("a like filter on '%s' must have a pattern", dimension);
    }
    int[] characters = pattern.codePoints().toArray();
    int[] parts = new int[characters.length];
    int size = 0;
    for (int i = 0; i < characters.length; i++) {
      int part = characters[i];
      if (escape != null && part == escape) {
        if (++i == characters.length) {
          throw QueryChecks.invalid(
              "the pattern '%s' of the like filter on '%s' ends with its escape character '%s'; put the character that it escapes after it",
              pattern, dimension, escape);
        }
        part = characters[i];
      } else if (part == '%') {
        part = ANY_TEXT;
      } else if (part == '_') {
        part = ANY_CHARACTER;
      }
      parts[size++] = part;
    }
    return new LikePattern(Arrays.copyOf(parts, size));
  }

  @Override
  public String prefix() {
    return prefix;
  }

  @Override
  public boolean test(String text) {
    int part = 0;
    int at = 0;
    int partAfterAny = -1;
    int atAfterAny = 0;
    while (at < text.length()) {
      int character = text.codePointAt(at);
      if (part < parts.length && parts[part] == ANY_TEXT) {
        part++;
        partAfterAny = part;
        atAfterAny = at;
      } else if (part < parts.length
          && (parts[part] == ANY_CHARACTER || parts[part] == character)) {
        part++;
        at += Character.charCount(character);
      } else if (partAfterAny >= 0) {
        part = partAfterAny;
        atAfterAny += Character.charCount(text.codePointAt(atAfterAny));
        at = atAfterAny;
      } else {
        return false;
      }
    }
    while (part < parts.length && parts[part] == ANY_TEXT) {
      part++;
    }
    return part == parts.length;
  }
}
