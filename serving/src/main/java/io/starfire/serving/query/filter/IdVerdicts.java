package io.starfire.serving.query.filter;

import io.starfire.common.Utf8Order;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.text.TextPredicate;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a filter on one string column says of each dictionary id. Immutable. */
final class IdVerdicts {
  private static final int VALUES_BETWEEN_CHECKS = 1024;

  /** An array of so many fits the cache that is nearest to the processor. */
  private static final int MAX_TABLE = 1 << 14;

  private final BitSet matching = new BitSet();

  /** The id of null, if the filter is unknown for it; negative otherwise. */
  private final int unknownId;

  private IdVerdicts(StringColumn column, Filter.OnColumn filter) {
    unknownId = filter.matchesNull() ? -1 : column.idOf(null);
  }

  static IdVerdicts of(StringColumn column, Filter.OnColumn filter, QueryControl control) {
    IdVerdicts verdicts = new IdVerdicts(column, filter);
    if (filter instanceof Filter.Selector selector) {
      verdicts.add(column.idOf(selector.value()));
    } else if (filter instanceof Filter.In in) {
      verdicts.addAll(column, in.values(), control);
    } else if (filter instanceof Filter.Bound bound) {
      verdicts.addBound(column, bound, control);
    } else {
      verdicts.addText(column, TextPredicates.of((Filter.OnText) filter, control), control);
    }
    return verdicts;
  }

  boolean matches(int id, boolean withUnknown) {
    return matching.get(id) || (withUnknown && id == unknownId);
  }

  boolean matchesAny(int[] ids, boolean withUnknown) {
    for (int id : ids) {
      if (matches(id, withUnknown)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What it says of each id, where that is a small array.
   *
   * @return null if there are too many ids
   */
  boolean @Nullable [] table(int cardinality, boolean withUnknown) {
    if (cardinality > MAX_TABLE) {
      return null;
    }
    boolean[] table = new boolean[cardinality];
    for (int id = 0; id < cardinality; id++) {
      table[id] = matches(id, withUnknown);
    }
    return table;
  }

  /** What the filter says of all ids from the smallest to the largest. */
  RowMatcher.Verdict ofAll(int smallest, int largest, boolean withUnknown) {
    int first = matching.nextSetBit(smallest);
    boolean someMatch = first >= 0 && first <= largest;
    boolean allMatch = someMatch && matching.nextClearBit(smallest) > largest;
    boolean hasUnknown = unknownId >= smallest && unknownId <= largest;
    if (hasUnknown && withUnknown) {
      return smallest == largest ? RowMatcher.Verdict.ALL : RowMatcher.Verdict.SOME;
    }
    return allMatch
        ? RowMatcher.Verdict.ALL
        : someMatch ? RowMatcher.Verdict.SOME : RowMatcher.Verdict.NONE;
  }

  /** The ids for which the answer is yes. */
  BitSet ids(boolean withUnknown) {
    BitSet ids = (BitSet) matching.clone();
    if (withUnknown && unknownId >= 0) {
      ids.set(unknownId);
    }
    return ids;
  }

  private void addAll(StringColumn column, Set<String> values, QueryControl control) {
    int untilCheck = VALUES_BETWEEN_CHECKS;
    for (String value : values) {
      if (--untilCheck < 0) {
        untilCheck = VALUES_BETWEEN_CHECKS;
        control.check();
      }
      add(column.idOf(value));
    }
  }

  private void add(int id) {
    if (id >= 0) {
      matching.set(id);
    }
  }

  private void addBound(StringColumn column, Filter.Bound bound, QueryControl control) {
    boolean byBytes =
        bound.ordering() == Filter.Ordering.LEXICOGRAPHIC
            || bound.ordering() == Filter.Ordering.NATURAL;
    if (column.sorted() && byBytes) {
      int from =
          bound.lower() == null
              ? firstAbove(column, "", false)
              : firstAbove(column, bound.lower(), bound.lowerStrict());
      int to =
          bound.upper() == null
              ? column.cardinality()
              : firstAbove(column, bound.upper(), !bound.upperStrict());
      if (from < to) {
        matching.set(from, to);
      }
      return;
    }
    test(column, 0, column.cardinality(), bound::contains, control);
  }

  private void addText(StringColumn column, TextPredicate predicate, QueryControl control) {
    String prefix = predicate.prefix();
    int from = 0;
    int to = column.cardinality();
    if (column.sorted() && !prefix.isEmpty()) {
      from = firstAbove(column, prefix, false);
      to = endOfPrefix(column, prefix, from);
    }
    test(column, from, to, predicate, control);
  }

  /** The first id at or after {@code from} whose value does not start with the prefix. */
  private static int endOfPrefix(StringColumn column, String prefix, int from) {
    int low = from;
    int high = column.cardinality();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (column.value(middle).startsWith(prefix)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void test(
      StringColumn column, int from, int to, TextPredicate predicate, QueryControl control) {
    for (int id = from; id < to; id++) {
      if (id % VALUES_BETWEEN_CHECKS == 0) {
        control.check();
      }
      String value = column.value(id);
      if (value != null && predicate.test(value)) {
        matching.set(id);
      }
    }
  }

  /** The first id whose value is at or above {@code value}, or, if strict, above it. */
  private static int firstAbove(StringColumn column, String value, boolean strict) {
    int low = 0;
    int high = column.cardinality();
    while (low < high) {
      int middle = (low + high) >>> 1;
      String found = column.value(middle);
      int comparison = found == null ? -1 : Utf8Order.compare(found, value);
      if (comparison < 0 || (strict && comparison == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
