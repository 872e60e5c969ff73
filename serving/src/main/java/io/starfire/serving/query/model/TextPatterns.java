package io.starfire.serving.query.model;

import io.starfire.common.StarfireException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the patterns of filters, so that a malformed one is refused with its query. Stateless. */
public final class TextPatterns {
  /** In the result of {@link #like}: any number of characters. */
  public static final int ANY_TEXT = -1;

  /** In the result of {@link #like}: any one character. */
  public static final int ANY_CHARACTER = -2;

  private TextPatterns() {}

  /**
   * Reads a pattern of SQL's {@code LIKE}, as code points, {@link #ANY_TEXT} and {@link
   * #ANY_CHARACTER}.
   *
   * @param escape may be null
   * @throws StarfireException with INVALID_INPUT if the pattern is malformed
   */
  public static int[] like(String dimension, String pattern, @Nullable Character escape) {
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
              "the pattern '%s' of the like filter on '%s' ends with its escape character '%s'; put"
                  + " the character that it escapes after it",
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
    return Arrays.copyOf(parts, size);
  }

  /**
   * Reads a regular expression of Java.
   *
   * @throws StarfireException with INVALID_INPUT if the pattern is malformed
   */
  public static Pattern regex(String dimension, String pattern) {
    if (pattern == null) {
      throw QueryChecks.invalid("a regex filter on '%s' must have a pattern", dimension);
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw QueryChecks.invalid(
          "the pattern '%s' of the regex filter on '%s' is malformed%s: %s",
          brief(pattern),
          dimension,
          e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1),
          e.getDescription());
    } catch (StackOverflowError e) {
      throw tooDeep(dimension, pattern);
    }
  }

  /** The error for a pattern that needs too much stack to be compiled or matched. */
  public static StarfireException tooDeep(String dimension, String pattern) {
    return QueryChecks.invalid(
        "the pattern '%s' of the regex filter on '%s' repeats or nests groups too deeply; use a"
            + " character class such as [ab]* instead of (a|b)*",
        brief(pattern), dimension);
  }

  private static String brief(String pattern) {
    return pattern.length() <= 80 ? pattern : pattern.substring(0, 77) + "...";
  }
}
