package io.starfire.serving.query.model;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A query in Druid's native language, checked. Immutable. Read by {@code QueryParser}. */
public sealed interface Query permits AggregateQuery, SearchQuery, ScanQuery, MetadataQuery {
  DataSource dataSource();

  /** When rows count: not empty, in order, not overlapping or touching. */
  List<Interval> intervals();

  QueryContext context();

  /** The columns that the query computes. */
  default VirtualColumns virtualColumns() {
    return VirtualColumns.NONE;
  }

  /**
   * The names of all columns that the query reads, those that it computes included, except the time
   * of its intervals.
   */
  Set<String> requiredColumns();

  /**
   * Refuses the query if it names a column that the data source does not have.
   *
   * @param known all columns of the data source: of its schema and of every row set it has
   * @throws StarfireException with INVALID_INPUT, naming the column and those that there are
   */
  default void checkColumns(Collection<String> known) {
    for (String column : virtualColumns().stored(requiredColumns())) {
      if (!known.contains(column)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "%s has no column '%s'; its columns are %s"
                .formatted(dataSource().text(), column, String.join(", ", known)));
      }
    }
  }
}
