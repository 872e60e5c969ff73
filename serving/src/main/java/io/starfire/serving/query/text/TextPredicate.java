package io.starfire.serving.query.text;

/** What a filter says of text that is not null. Not thread-safe: it may keep a matcher. */
public interface TextPredicate {
  boolean test(String text);

  /**
   * Text that everything it matches starts with; empty if that is not known. Lets sorted
   * dictionaries be searched in a part only.
   */
  default String prefix() {
    return "";
  }
}
