package io.starfire.serving.query.model;

import java.util.List;
import java.util.regex.Pattern;

/** The text that a search finds. Immutable. */
public sealed interface SearchMatch {
  /** Text that contains all fragments, in any order. */
  record Fragments(List<String> fragments, boolean caseSensitive) implements SearchMatch {
    public Fragments {
      fragments = List.copyOf(fragments);
    }
  }

  /** Text in which a Java regular expression is found. */
  record Regex(String pattern) implements SearchMatch {
    public Regex {
      Pattern unused = TextPatterns.regex("search", pattern);
    }
  }

  /** All text. */
  record All() implements SearchMatch {}
}
