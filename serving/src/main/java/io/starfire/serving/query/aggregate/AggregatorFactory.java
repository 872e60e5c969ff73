package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.filter.FilterCompiler;

/**
 * How one aggregate of a query is computed. It makes the column in which the intermediate values of
 * groups are kept, and what adds the rows of a row set to such a column. Immutable.
 */
public interface AggregatorFactory {
  /** A column without room for any group. */
  AggregateColumn newColumn();

  /**
   * What adds rows.
   *
   * @param filters of the row set, for aggregates that take some of its rows only
   * @param into where the intermediate values are kept; one that this factory made
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if a column's type does not fit
   */
  Accumulator accumulator(RowSet rows, FilterCompiler filters, AggregateColumn into);
}
