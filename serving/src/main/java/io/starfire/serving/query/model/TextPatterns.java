package io.starfire.serving.query.model;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads patterns, so that a malformed one is refused with its query. Stateless. */
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
   * @param owner of the pattern, for messages, such as {@code like filter on 'page'}
   * @param escape may be null
   * @throws StarfireException with INVALID_INPUT if the pattern is malformed
   */
  public static int[] like(String owner, String pattern, @Nullable Character escape) {
    if (pattern == null) {
      throw QueryChecks.invalid("a %s must have a pattern", owner);
    }
    int[] characters = pattern.codePoints().toArray();
    int[] parts = new int[characters.length];
    int size = 0;
    for (int i = 0; i < characters.length; i++) {
      int part = characters[i];
      if (escape != null && part == escape) {
        if (++i == characters.length) {
          throw QueryChecks.invalid(
              "the pattern '%s' of the %s ends with its escape character '%s'; put"
                  + " the character that it escapes after it",
              pattern, owner, escape);
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
   * @param owner of the pattern, for messages
   * @throws StarfireException with INVALID_INPUT if the pattern is malformed
   */
  public static Pattern regex(String owner, String pattern) {
    if (pattern == null) {
      throw QueryChecks.invalid("a %s must have a pattern", owner);
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw QueryChecks.invalid(
          "the pattern '%s' of the %s is malformed%s: %s",
          brief(pattern),
          owner,
          e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1),
          e.getDescription());
    } catch (StackOverflowError e) {
      throw tooDeep(owner, pattern);
    }
  }

  /** The error for a pattern that needs too much stack to be compiled or matched. */
  public static StarfireException tooDeep(String owner, String pattern) {
    return QueryChecks.invalid(
        "the pattern '%s' of the %s repeats or nests groups too deeply; use a"
            + " character class such as [ab]* instead of (a|b)*",
        brief(pattern), owner);
  }

  /** The error for a pattern that tries the same text again and again. */
  public static StarfireException backtracks(String owner, String pattern, int length, long read) {
    return new StarfireException(
        ErrorCode.CAPACITY_EXCEEDED,
        "the pattern '%s' of the %s backtracks without end: of a text of %d characters it read %,d, and found nothing; write it without repetitions inside of repetitions, such as (a+)+"
            .formatted(brief(pattern), owner, length, read));
  }

  private static String brief(String pattern) {
    return pattern.length() <= 80 ? pattern : pattern.substring(0, 77) + "...";
  }
}
