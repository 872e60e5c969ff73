package io.starfire.serving.query.filter;

import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.compute.ComputedText;
import io.starfire.serving.query.compute.DerivedRows;
import io.starfire.serving.query.compute.SameValue;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.QueryChecks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes filters ready for the rows of one row set. What a filter says of the values of a dictionary
 * is found out once, if it is stored for all parts of the row set. Not thread-safe.
 */
public final class FilterCompiler {
  private final DerivedRows rows;
  private final QueryControl control;
  private final SharedRows shared;

  /** Of columns that are computed. */
  private final Map<Filter, IdVerdicts> verdicts = new HashMap<>();

  public FilterCompiler(RowSet rows, QueryControl control) {
    this(rows, new SharedRows(), control);
  }

  /**
   * As the other.
   *
   * @param shared by all parts of the row set
   */
  public FilterCompiler(RowSet rows, SharedRows shared, QueryControl control) {
    this.rows = DerivedRows.of(rows, control);
    this.shared = shared;
    this.control = control;
  }

  /** The reins of the query. */
  public QueryControl control() {
    return control;
  }

  RowSet rows() {
    return rows;
  }

  public RowMatcher compile(Filter filter) {
    if (filter instanceof Filter.And and) {
      return new RowMatchers.OfSeveral(compileAll(and.fields()), true);
    }
    if (filter instanceof Filter.Or or) {
      return new RowMatchers.OfSeveral(compileAll(or.fields()), false);
    }
    if (filter instanceof Filter.Not not) {
      return new RowMatchers.OfNot(compile(not.field()));
    }
    if (filter instanceof Filter.Is is) {
      return new RowMatchers.OfTruth(compile(is.field()), is.value());
    }
    if (filter instanceof Filter.Constant constant) {
      return new RowMatchers.OfConstant(constant.value());
    }
    return filter instanceof Filter.ColumnComparison comparison
        ? new RowMatchers.OfSame(
            new SameValue(comparison.sides().stream().map(this::column).toList()))
        : oneColumn(filter);
  }

  private @Nullable Column column(Filter.ColumnComparison.Side side) {
    return side.column() == null ? rows.column(side.dimension()) : rows.column(side.column());
  }

  /** The column that a filter on one column asks; null if the rows do not have it. */
  @Nullable Column column(Filter filter) {
    return filter instanceof Filter.Derived derived
        ? rows.column(derived.column())
        : rows.column(((Filter.OnColumn) filter).dimension());
  }

  /** What a filter on one column asks of it. */
  static Filter.OnColumn condition(Filter filter) {
    return filter instanceof Filter.Derived derived
        ? derived.condition()
        : (Filter.OnColumn) filter;
  }

  private List<RowMatcher> compileAll(List<Filter> filters) {
    return filters.stream().map(this::compile).toList();
  }

  private RowMatcher oneColumn(Filter whole) {
    Column column = column(whole);
    Filter.OnColumn filter = condition(whole);
    if (column instanceof ComputedText texts) {
      return new RowMatchers.OfComputedText(
          texts, TextPredicates.ofAny(filter, control), filter.matchesNull());
    }
    if (column instanceof StringColumn strings) {
      return new RowMatchers.OfStrings(strings, verdicts(strings, whole));
    }
    if (column instanceof LongColumn longs) {
      return new RowMatchers.OfLongs(
          longs, NumberPredicates.ofLongs(filter, control), filter.matchesNull());
    }
    if (column instanceof DoubleColumn doubles) {
      return new RowMatchers.OfDoubles(
          doubles, NumberPredicates.ofDoubles(filter, control), filter.matchesNull());
    }
    if (column instanceof BytesColumn) {
      throw QueryChecks.complex("a filter on '" + filter.dimension() + "'");
    }
    return new RowMatchers.OfNothing(filter.matchesNull());
  }

  /**
   * How the rows of a filter are found.
   *
   * @param filter null for all rows
   * @param scanned how many rows of the row set would be looked at
   */
  Selection selection(@Nullable Filter filter, long scanned) {
    return filter != null && isStored(filter)
        ? shared.selection(filter, () -> Selection.of(this, filter, scanned))
        : Selection.of(this, filter, scanned);
  }

  /**
   * A number for each id of a column's dictionary, which earlier queries may have made.
   *
   * @param kind what the numbers are; equal for the same
   * @return null if they are not kept, so that they had to be made for this query alone
   */
  public int @Nullable [] numbers(
      String name, StringColumn column, Object kind, Supplier<int[]> unknown) {
    return rows.isStored(name) ? shared.numbers(name, column.cardinality(), kind, unknown) : null;
  }

  private boolean isStored(Filter filter) {
    Set<String> columns = new HashSet<>();
    filter.collectColumns(columns);
    return !(filter instanceof Filter.Derived) && columns.stream().allMatch(rows::isStored);
  }

  /** What the filter says of each value of the column. */
  IdVerdicts verdicts(StringColumn column, Filter filter) {
    if (isStored(filter)) {
      return shared.verdicts(filter, () -> IdVerdicts.of(column, condition(filter), control));
    }
    IdVerdicts found = verdicts.get(filter);
    if (found == null) {
      found = IdVerdicts.of(column, condition(filter), control);
      verdicts.put(filter, found);
    }
    return found;
  }
}
