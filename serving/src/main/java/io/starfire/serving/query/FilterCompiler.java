package io.starfire.serving.query;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.util.List;

/** Makes a filter ready for the rows of one row set. */
final class FilterCompiler {
  private FilterCompiler() {}

  static RowMatcher compile(Filter filter, RowSet rows) {
    if (filter instanceof Filter.And and) {
      return new RowMatchers.OfSeveral(compileAll(and.fields(), rows), true);
    }
    if (filter instanceof Filter.Or or) {
      return new RowMatchers.OfSeveral(compileAll(or.fields(), rows), false);
    }
    if (filter instanceof Filter.Not not) {
      return new RowMatchers.OfNot(compile(not.field(), rows));
    }
    return oneColumn((Filter.OnColumn) filter, rows);
  }

  private static List<RowMatcher> compileAll(List<Filter> filters, RowSet rows) {
    return filters.stream().map(filter -> compile(filter, rows)).toList();
  }

  private static RowMatcher oneColumn(Filter.OnColumn filter, RowSet rows) {
    Column column = rows.column(filter.dimension());
    if (column instanceof StringColumn strings) {
      return new RowMatchers.OfStrings(strings, IdVerdicts.of(strings, filter));
    }
    if (column instanceof LongColumn longs) {
      return new RowMatchers.OfLongs(longs, NumberPredicates.ofLongs(filter), filter.matchesNull());
    }
    if (column instanceof DoubleColumn doubles) {
      return new RowMatchers.OfDoubles(
          doubles, NumberPredicates.ofDoubles(filter), filter.matchesNull());
    }
    return new RowMatchers.OfNothing(filter.matchesNull());
  }
}
