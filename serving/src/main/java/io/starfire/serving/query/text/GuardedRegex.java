package io.starfire.serving.query.text;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.TextPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of Java that ends: the text that it reads counts how often it is read, and
 * refuses the pattern when that cannot but be backtracking. It also asks the query's control now
 * and then. Not thread-safe.
 */
public final class GuardedRegex implements TextPredicate {
  private static final int CHARACTERS_BETWEEN_CHECKS = 1 << 16;

  /** Characters that may be read of one text: so many in any case, and of each of its own. */
  private static final long MOST_READ = 2_000_000;

  private static final long MOST_READ_OF_EACH = 10_000;

  private final String owner;
  private final Matcher matcher;
  private final GuardedText text;

  private GuardedRegex(String owner, Pattern pattern, @Nullable QueryControl control) {
    this.owner = owner;
    this.text = new GuardedText(owner, pattern.pattern(), control);
    this.matcher = pattern.matcher(text);
  }

  /**
   * Makes a pattern ready for use by one thread.
   *
   * @param owner of the pattern, for messages
   * @param control of the query; null for one that has come to its groups, of which there are few
   */
  public static GuardedRegex of(String owner, String pattern, @Nullable QueryControl control) {
    return new GuardedRegex(owner, TextPatterns.regex(owner, pattern), control);
  }

  @Override
  public boolean test(String value) {
    return guarded(value, found -> found.find());
  }

  /** Whether the whole text matches. */
  public boolean matchesAll(String value) {
    return guarded(value, found -> found.matches());
  }

  /** The number of groups in brackets. */
  public int groupCount() {
    return matcher.groupCount();
  }

  /**
   * What a group of the first match holds; null if there is no match, or the group has no part in
   * it.
   *
   * @param group 0 is the whole match
   */
  public @Nullable String extract(String value, int group) {
    return guarded(value, found -> found.find() ? found.group(group) : null);
  }

  /**
   * The text with each match replaced.
   *
   * @param replacement in which {@code $1} stands for the first group
   */
  public String replaceAll(String value, String replacement) {
    return guarded(value, found -> found.replaceAll(replacement));
  }

  /** The parts between the matches. An empty match at the start makes no part. */
  public List<String> split(String value) {
    return guarded(
        value,
        found -> {
          List<String> parts = new ArrayList<>();
          int from = 0;
          while (found.find()) {
            if (found.end() > 0) {
              parts.add(value.substring(from, found.start()));
              from = found.end();
            }
          }
          parts.add(value.substring(from));
          return parts;
        });
  }

  private <T> T guarded(String value, Function<Matcher, T> use) {
    text.begin(value);
    try {
      return use.apply(matcher.reset());
    } catch (StackOverflowError e) {
      throw TextPatterns.tooDeep(owner, matcher.pattern().pattern());
    }
  }

  /** The text at hand. A copy of a part of it is read only when a match is asked for. */
  private static final class GuardedText implements CharSequence {
    private final String owner;
    private final String pattern;
    private final @Nullable QueryControl control;
    private String value = "";
    private int untilCheck = CHARACTERS_BETWEEN_CHECKS;
    private long read;

    GuardedText(String owner, String pattern, @Nullable QueryControl control) {
      this.owner = owner;
      this.pattern = pattern;
      this.control = control;
    }

    void begin(String next) {
      value = next;
      read = 0;
    }

    @Override
    public char charAt(int index) {
      if (--untilCheck < 0) {
        check();
      }
      return value.charAt(index);
    }

    private void check() {
      untilCheck = CHARACTERS_BETWEEN_CHECKS;
      if (control != null) {
        control.check();
      }
      read += CHARACTERS_BETWEEN_CHECKS;
      if (read > MOST_READ + MOST_READ_OF_EACH * value.length()) {
        throw TextPatterns.backtracks(owner, pattern, value.length(), read);
      }
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
