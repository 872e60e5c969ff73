package io.starfire.serving.query;

import java.util.List;

/** Which text a search finds. Immutable. */
public sealed interface SearchMatch {
  /**
   * What it says of text, ready for use by one thread.
   *
   * @param dimension that is searched, for messages
   */
  TextPredicate predicate(String dimension, QueryControl control);

  /** Text that has all the fragments in it, in any order. */
  record Fragments(List<String> fragments, boolean caseSensitive) implements SearchMatch {
    public Fragments {
      fragments = List.copyOf(fragments);
    }

    @Override
    public TextPredicate predicate(String dimension, QueryControl control) {
      return text -> fragments.stream().allMatch(fragment -> isIn(text, fragment));
    }

    private boolean isIn(String text, String fragment) {
      if (caseSensitive) {
        return text.contains(fragment);
      }
      for (int at = 0; at <= text.length() - fragment.length(); at++) {
        if (text.regionMatches(true, at, fragment, 0, fragment.length())) {
          return true;
        }
      }
      return false;
    }
  }

  /** Text in which a regular expression of Java is found somewhere. */
  record Regex(String pattern) implements SearchMatch {
    public Regex {
      GuardedRegex unused = GuardedRegex.of("query", pattern, null);
    }

    @Override
    public TextPredicate predicate(String dimension, QueryControl control) {
      return GuardedRegex.of(dimension, pattern, control);
    }
  }

  /** All text. */
  record All() implements SearchMatch {
    @Override
    public TextPredicate predicate(String dimension, QueryControl control) {
      return text -> true;
    }
  }
}
