package io.starfire.serving.query.filter;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.text.GuardedRegex;
import io.starfire.serving.query.text.LikePattern;
import io.starfire.serving.query.text.Searches;
import io.starfire.serving.query.text.TextPredicate;

/** Makes filters on text ready for use by one thread. Stateless. */
final class TextPredicates {
  private TextPredicates() {}

  /** What a filter says of text that is not null. */
  static TextPredicate of(Filter.OnText filter, QueryControl control) {
    if (filter instanceof Filter.Like like) {
      return LikePattern.of(
          "like filter on '" + like.dimension() + "'", like.pattern(), like.escape());
    }
    if (filter instanceof Filter.Regex regex) {
      return GuardedRegex.of(
          "regex filter on '" + regex.dimension() + "'", regex.pattern(), control);
    }
    return Searches.of(
        ((Filter.Search) filter).match(), "search on '" + filter.dimension() + "'", control);
  }

  /** The same of any filter on one column, except that it is asked of text that is not null. */
  static TextPredicate ofAny(Filter.OnColumn filter, QueryControl control) {
    if (filter instanceof Filter.Selector selector) {
      return text -> text.equals(selector.value());
    }
    if (filter instanceof Filter.In in) {
      return text -> in.values().contains(text);
    }
    return filter instanceof Filter.Bound bound
        ? bound::contains
        : of((Filter.OnText) filter, control);
  }
}
