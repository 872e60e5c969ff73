package io.starfire.serving.query.filter;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes filters ready for the rows of one row set. What a filter says of the values of a dictionary
 * is found out once. Not thread-safe.
 */
public final class FilterCompiler {
  private final RowSet rows;
  private final QueryControl control;
  private final Map<Filter.OnColumn, IdVerdicts> verdicts = new HashMap<>();

  public FilterCompiler(RowSet rows, QueryControl control) {
    this.rows = rows;
    this.control = control;
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
    if (filter instanceof Filter.Constant constant) {
      return new RowMatchers.OfConstant(constant.value());
    }
    return oneColumn((Filter.OnColumn) filter);
  }

  private List<RowMatcher> compileAll(List<Filter> filters) {
    return filters.stream().map(this::compile).toList();
  }

  private RowMatcher oneColumn(Filter.OnColumn filter) {
    Column column = rows.column(filter.dimension());
    if (column instanceof StringColumn strings) {
      return new RowMatchers.OfStrings(strings, verdicts(strings, filter));
    }
    if (column instanceof LongColumn longs) {
      return new RowMatchers.OfLongs(
          longs, NumberPredicates.ofLongs(filter, control), filter.matchesNull());
    }
    if (column instanceof DoubleColumn doubles) {
      return new RowMatchers.OfDoubles(
          doubles, NumberPredicates.ofDoubles(filter, control), filter.matchesNull());
    }
    return new RowMatchers.OfNothing(filter.matchesNull());
  }

  /** What the filter says of each value of the column. */
  IdVerdicts verdicts(StringColumn column, Filter.OnColumn filter) {
    IdVerdicts found = verdicts.get(filter);
    if (found == null) {
      found = IdVerdicts.of(column, filter, control);
      verdicts.put(filter, found);
    }
    return found;
  }
}
