package io.starfire.serving.query.model;

import io.starfire.common.Utf8Order;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the rows of a query. Immutable.
 *
 * <p>For example, {@code not(x = 'a')} leaves out rows where x is null. Filters follow SQL's
 * three-valued logic, as Druid's do since version 28: comparing a null with a value is
 * <em>unknown</em>, {@code not} of unknown is unknown, and a row counts only if the whole filter is
 * true. Asking for null itself (selector with value null, or null among the values of an in) is
 * true or false, never unknown. A row with several values of a column matches if one of them does.
 * An empty string is not null.
 *
 * <p>On number columns the values of selectors and ins are read as numbers. A value that is not a
 * number matches no row.
 */
public sealed interface Filter {
  /** Adds the names of all columns that are read. */
  void collectColumns(Set<String> columns);

  /** A filter on one column. For a null it is true if {@code matchesNull}, else unknown. */
  sealed interface OnColumn extends Filter {
    String dimension();

    boolean matchesNull();

    @Override
    default void collectColumns(Set<String> columns) {
      columns.add(dimension());
    }
  }

  /** A filter on a column's text. The text of a number is that in results. */
  sealed interface OnText extends OnColumn permits Like, Regex, Search {
    @Override
    default boolean matchesNull() {
      return false;
    }
  }

  /** True if the column equals the value; with value null, if it is null. */
  record Selector(String dimension, @Nullable String value) implements OnColumn {
    public Selector {
      checkDimension("selector", dimension);
    }

    @Override
    public boolean matchesNull() {
      return value == null;
    }
  }

  /** True if the column equals one of several values, of which one may be null. */
  record In(String dimension, Set<String> values) implements OnColumn {
    public In {
      checkDimension("in", dimension);
      values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    @Override
    public boolean matchesNull() {
      return values.contains(null);
    }
  }

  /**
   * True if the value lies between two ends, of which one may be missing. An end is inclusive
   * unless it is strict. In numeric order, text that is not a number is treated as null.
   */
  record Bound(
      String dimension,
      @Nullable String lower,
      @Nullable String upper,
      boolean lowerStrict,
      boolean upperStrict,
      Ordering ordering)
      implements OnColumn {
    public Bound {
      checkDimension("bound", dimension);
      if (lower == null && upper == null) {
        throw QueryChecks.invalid("a bound filter on '%s' needs lower, upper or both", dimension);
      }
      if (ordering == Ordering.NUMERIC) {
        checkNumber(dimension, "lower", lower);
        checkNumber(dimension, "upper", upper);
      }
    }

    @Override
    public boolean matchesNull() {
      return false;
    }

    private static void checkNumber(String dimension, String end, @Nullable String value) {
      if (value != null && Numbers.decimal(value) == null) {
        throw QueryChecks.invalid(
            "the bound filter on '%s' is numeric, but its %s end '%s' is not a number",
            dimension, end, value);
      }
    }

    /** This bound for a column of numbers: its natural order compares by value. */
    public Bound onNumbers() {
      return ordering == Ordering.NATURAL
          ? new Bound(dimension, lower, upper, lowerStrict, upperStrict, Ordering.NUMERIC)
          : this;
    }

    public @Nullable BigDecimal lowerNumber() {
      return lower == null ? null : Numbers.decimal(lower);
    }

    public @Nullable BigDecimal upperNumber() {
      return upper == null ? null : Numbers.decimal(upper);
    }

    /** Whether a text, which must not be null, lies between the ends. */
    public boolean contains(String value) {
      if (ordering == Ordering.ALPHANUMERIC || ordering == Ordering.STRLEN) {
        ValueOrder order =
            ordering == Ordering.STRLEN ? ValueOrder.STRLEN : ValueOrder.ALPHANUMERIC;
        return isAbove(lower == null ? 1 : order.compare(value, lower))
            && isBelow(upper == null ? -1 : order.compare(value, upper));
      }
      if (ordering == Ordering.NUMERIC) {
        BigDecimal number = Numbers.decimal(value);
        return number != null
            && isAbove(lower == null ? 1 : number.compareTo(lowerNumber()))
            && isBelow(upper == null ? -1 : number.compareTo(upperNumber()));
      }
      return isAbove(lower == null ? 1 : Utf8Order.compare(value, lower))
          && isBelow(upper == null ? -1 : Utf8Order.compare(value, upper));
    }

    private boolean isAbove(int comparison) {
      return lowerStrict ? comparison > 0 : comparison >= 0;
    }

    private boolean isBelow(int comparison) {
      return upperStrict ? comparison < 0 : comparison <= 0;
    }
  }

  /** True if all filters are true. */
  record And(List<Filter> fields) implements Filter {
    public And {
      fields = checkFields("and", fields);
    }

    @Override
    public void collectColumns(Set<String> columns) {
      fields.forEach(field -> field.collectColumns(columns));
    }
  }

  /** True if at least one filter is true. */
  record Or(List<Filter> fields) implements Filter {
    public Or {
      fields = checkFields("or", fields);
    }

    @Override
    public void collectColumns(Set<String> columns) {
      fields.forEach(field -> field.collectColumns(columns));
    }
  }

  /** True if the filter is false; unknown if it is unknown. */
  record Not(Filter field) implements Filter {
    @Override
    public void collectColumns(Set<String> columns) {
      field.collectColumns(columns);
    }
  }

  /**
   * True where another filter is of one truth value, else false: never unknown.
   *
   * @param value that the filter must have
   */
  record Is(Filter field, boolean value) implements Filter {
    @Override
    public void collectColumns(Set<String> columns) {
      field.collectColumns(columns);
    }
  }

  /**
   * True if the whole text matches a pattern. {@code %} stands for any number of characters, and
   * {@code _} for one.
   *
   * @param escape the character after which {@code %} and {@code _} stand for themselves; null
   *     means none
   */
  record Like(String dimension, String pattern, @Nullable Character escape) implements OnText {
    public Like {
      checkDimension("like", dimension);
      int[] unused = TextPatterns.like("like filter on '" + dimension + "'", pattern, escape);
    }
  }

  /** True if a Java regular expression is found somewhere in the text. */
  record Regex(String dimension, String pattern) implements OnText {
    public Regex {
      checkDimension("regex", dimension);
      Pattern unused = TextPatterns.regex("regex filter on '" + dimension + "'", pattern);
    }
  }

  /** True if a search query finds the text. */
  record Search(String dimension, SearchMatch match) implements OnText {
    public Search {
      checkDimension("search", dimension);
    }
  }

  /**
   * A filter on a column that the filter itself computes.
   *
   * @param condition on the column, whatever dimension it names
   */
  record Derived(VirtualColumn column, OnColumn condition) implements Filter {
    @Override
    public void collectColumns(Set<String> columns) {
      columns.addAll(column.inputs());
    }
  }

  /**
   * True if all columns have a value in common. Numbers are compared by value, and with text as
   * text. Null is a value like any other.
   */
  record ColumnComparison(List<Side> sides) implements Filter {
    /**
     * One of the columns.
     *
     * @param column null if it is stored, or is one of the query's
     */
    public record Side(String dimension, @Nullable VirtualColumn column) {}

    public ColumnComparison {
      sides = List.copyOf(sides);
      if (sides.size() < 2) {
        throw QueryChecks.invalid(
            "a columnComparison filter needs at least two dimensions, got %d", sides.size());
      }
    }

    @Override
    public void collectColumns(Set<String> columns) {
      for (Side side : sides) {
        columns.addAll(side.column == null ? Set.of(side.dimension) : side.column.inputs());
      }
    }
  }

  /** True for every row, or false for every row. */
  record Constant(boolean value) implements Filter {
    @Override
    public void collectColumns(Set<String> columns) {}
  }

  /** How a bound compares. */
  enum Ordering {
    /** By UTF-8 bytes, which is by code points. */
    LEXICOGRAPHIC,
    /** By value as decimal numbers. */
    NUMERIC,
    /** As {@link ValueOrder#ALPHANUMERIC}. */
    ALPHANUMERIC,
    /** As {@link ValueOrder#STRLEN}. */
    STRLEN,
    /** Strings by UTF-8 bytes, and numbers by value, as the column is. */
    NATURAL;

    public String jsonName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static void checkDimension(String type, String dimension) {
    if (dimension == null || dimension.isEmpty()) {
      throw QueryChecks.invalid("a %s filter must name a dimension", type);
    }
  }

  private static List<Filter> checkFields(String type, List<Filter> fields) {
    if (fields.isEmpty()) {
      throw QueryChecks.invalid("an %s filter must have at least one of fields, got none", type);
    }
    return List.copyOf(fields);
  }
}
