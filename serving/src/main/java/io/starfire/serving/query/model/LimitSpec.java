package io.starfire.serving.query.model;

import java.util.List;

/**
 * The order of the rows of a groupBy, and which of them are returned. Rows of an earlier time
 * bucket come first, unless the context sets {@code sortByDimsFirst}. Rows that are equal in the
 * columns are ordered by the dimensions, so that the answer is the same each time. Limit and offset
 * count rows of the complete result. Immutable.
 *
 * @param columns the columns by which rows are ordered, the most important first
 * @param offset how many rows are left out at the start
 * @param limit the largest number of rows; 0 means no limit
 */
public record LimitSpec(List<OrderBy> columns, int offset, int limit) {
  /** All rows, by time and dimensions. */
  public static final LimitSpec NONE = new LimitSpec(List.of(), 0, 0);

  /**
   * One column of the order. Nulls are the smallest.
   *
   * @param output name of a dimension, aggregation or post-aggregation
   * @param descending whether the largest comes first
   * @param order of a dimension's values; numbers of aggregates are always ordered by value
   */
  public record OrderBy(String output, boolean descending, ValueOrder order) {}

  public LimitSpec {
    columns = List.copyOf(columns);
  }

  void checkOver(Outputs outputs) {
    for (OrderBy column : columns) {
      if (!outputs.has(column.output)) {
        throw QueryChecks.invalid(
            "limitSpec.columns names '%s', which is not an output of the query; those are %s",
            column.output, String.join(", ", outputs.names()));
      }
      outputs.checkOrdered(column.output, "a limitSpec");
    }
  }

  /** The same without columns of these names. */
  LimitSpec without(List<String> outputs) {
    return new LimitSpec(
        columns.stream().filter(column -> !outputs.contains(column.output)).toList(),
        offset,
        limit);
  }
}
