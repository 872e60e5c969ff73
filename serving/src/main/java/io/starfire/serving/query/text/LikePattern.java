package io.starfire.serving.query.text;

import io.starfire.serving.query.model.TextPatterns;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of SQL's {@code LIKE}. Matching goes back only to the last {@code %}, so that its time
 * is bounded by the product of the lengths. Immutable.
 */
public final class LikePattern implements TextPredicate {
  /** Code points, or one of the constants of {@link TextPatterns}. */
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
   * Makes a pattern ready for use.
   *
   * @param owner of the pattern, for messages
   * @param escape may be null
   */
  public static LikePattern of(String owner, String pattern, @Nullable Character escape) {
    return new LikePattern(TextPatterns.like(owner, pattern, escape));
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
      if (part < parts.length && parts[part] == TextPatterns.ANY_TEXT) {
        part++;
        partAfterAny = part;
        atAfterAny = at;
      } else if (part < parts.length
          && (parts[part] == TextPatterns.ANY_CHARACTER || parts[part] == character)) {
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
    while (part < parts.length && parts[part] == TextPatterns.ANY_TEXT) {
      part++;
    }
    return part == parts.length;
  }
}
