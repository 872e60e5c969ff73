package io.starfire.serving.query.filter;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.TextPatterns;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** Makes a pattern ready for use by one thread. */
  static GuardedRegex of(String dimension, String pattern, QueryControl control) {
    return new GuardedRegex(dimension, TextPatterns.regex(dimension, pattern), control);
  }

  @Override
  public boolean test(String value) {
    text.value = value;
    try {
      return matcher.reset().find();
    } catch (StackOverflowError e) {
      throw TextPatterns.tooDeep(dimension, matcher.pattern().pattern());
    }
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
