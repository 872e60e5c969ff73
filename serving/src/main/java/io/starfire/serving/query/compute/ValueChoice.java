package io.starfire.serving.query.compute;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.VirtualColumn;
import io.starfire.serving.query.text.GuardedRegex;
import java.util.function.Predicate;

/** Which values a filtered column keeps. Not thread-safe. */
final class ValueChoice {
  private final Predicate<String> keeps;

  ValueChoice(VirtualColumn.Filtered column, QueryControl control) {
    VirtualColumn.Choice choice = column.choice();
    if (choice instanceof VirtualColumn.Listed listed) {
      this.keeps = value -> listed.values().contains(value) == listed.kept();
    } else if (choice instanceof VirtualColumn.Prefixed prefixed) {
      this.keeps = value -> value.startsWith(prefixed.prefix());
    } else {
      VirtualColumn.Matching matching = (VirtualColumn.Matching) choice;
      GuardedRegex regex = GuardedRegex.of("filtered dimension", matching.pattern(), control);
      // As in Druid, the whole value must match.
      this.keeps = regex::matchesAll;
    }
  }

  boolean keeps(String value) {
    return keeps.test(value);
  }
}
