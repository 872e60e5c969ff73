package io.starfire.serving.query;

import io.starfire.common.StarfireException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that cannot outlive its query: the text that it reads asks the query's
 * control now and then, so that a pattern that backtracks for ever ends at the timeout. Not
 * thread-safe.
 */
final class GuardedRegex implements TextPredicate {
  private static final int CHARACTERS_BETWEEN_CHECKS = 1 << 16;

  private final String dimension;
  private final Matcher matcher;
  private final GuardedText text;

  private GuardedRegex(String dimension, Pattern pattern, QueryControl control) {
    this.dimension = dimension;
    this.text = new GuardedText(control);
    this.matcher = pattern.matcher(text);
  }

  /**
   * Compiles a pattern.
   *
   * @param control may be null if nothing is going to be matched
   * @throws StarfireException with INVALID_INPUT if the pattern is malformed
   */
  static GuardedRegex of(String dimension, String pattern, QueryControl control) {
    if (pattern == null) {
      throw QueryChecks.invalid("a regex filter on '%s' must have a pattern", dimension);
    }
    try {
      return new GuardedRegex(dimension, Pattern.compile(pattern), control);
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

  @Override
  public boolean test(String value) {
    text.value = value;
    try {
      return matcher.reset().find();
    } catch (StackOverflowError e) {
      throw tooDeep(dimension, matcher.pattern().pattern());
    }
  }

  private static StarfireException tooDeep(String dimension, String pattern) {
    return QueryChecks.invalid(
        "the pattern '%s' of the regex filter on '%s' repeats or nests groups too deeply; use a character class such as [ab]* instead of (a|b)*",
        brief(pattern), dimension);
  }

  private static String brief(String pattern) {
    return pattern.length() <= 80 ? pattern : pattern.substring(0, 77) + "...";
  }

  /** The text at hand. A copy of a part of it is read only when a match is asked for. */
  private static final class GuardedText implements CharSequence {
    private final QueryControl control;
    private String value = "";
    private int untilCheck = CHARACTERS_BETWEEN_CHECKS;

    GuardedText(QueryControl control) {
      this.control = control;
    }

    @Override
    public char charAt(int index) {
      if (--untilCheck < 0) {
        untilCheck = CHARACTERS_BETWEEN_CHECKS;
        control.check();
      }
      return value.charAt(index);
    }

    @Override
    public int length() {
      return value.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return value.substring(start, end);
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
