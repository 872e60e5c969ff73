package io.starfire.serving.query.text;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.SearchMatch;
import java.util.List;

/** Makes the text that a search finds ready for use by one thread. Stateless. */
public final class Searches {
  private Searches() {}

  /**
   * What a search finds.
   *
   * @param owner of the search, for messages
   */
  public static TextPredicate of(SearchMatch match, String owner, QueryControl control) {
    if (match instanceof SearchMatch.Fragments fragments) {
      return text -> hasAll(text, fragments.fragments(), fragments.caseSensitive());
    }
    return match instanceof SearchMatch.Regex regex
        ? GuardedRegex.of(owner, regex.pattern(), control)
        : text -> true;
  }

  private static boolean hasAll(String text, List<String> fragments, boolean caseSensitive) {
    for (String fragment : fragments) {
      if (!(caseSensitive ? text.contains(fragment) : hasIgnoringCase(text, fragment))) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasIgnoringCase(String text, String fragment) {
    for (int at = 0; at <= text.length() - fragment.length(); at++) {
      if (text.regionMatches(true, at, fragment, 0, fragment.length())) {
        return true;
      }
    }
    return false;
  }
}
