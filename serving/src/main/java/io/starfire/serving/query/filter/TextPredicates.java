package io.starfire.serving.query.filter;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.SearchMatch;
import java.util.List;

/** Makes filters on text ready for use by one thread. Stateless. */
public final class TextPredicates {
  private TextPredicates() {}

  /** What a filter says of text that is not null. */
  public static TextPredicate of(Filter.OnText filter, QueryControl control) {
    if (filter instanceof Filter.Like like) {
      return LikePattern.of(like.dimension(), like.pattern(), like.escape());
    }
    if (filter instanceof Filter.Regex regex) {
      return GuardedRegex.of(regex.dimension(), regex.pattern(), control);
    }
    return of(((Filter.Search) filter).match(), filter.dimension(), control);
  }

  /**
   * What a search finds.
   *
   * @param dimension that is searched, for messages
   */
  public static TextPredicate of(SearchMatch match, String dimension, QueryControl control) {
    if (match instanceof SearchMatch.Fragments fragments) {
      return text -> hasAll(text, fragments.fragments(), fragments.caseSensitive());
    }
    return match instanceof SearchMatch.Regex regex
        ? GuardedRegex.of(dimension, regex.pattern(), control)
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
