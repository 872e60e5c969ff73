package io.starfire.segment.column;

import io.starfire.event.DataSourceSchema;

/**
 * Rows that know their schema and how many events they were made from: segments, persisted pieces,
 * and snapshots of a live index. Only these can be merged, so that the count of events stays right.
 */
public interface IndexedRows extends RowSet {
  /** The schema, whose dimensions and metrics are the columns. */
  DataSourceSchema schema();

  /** Events that went into the rows, before rollup. */
  long eventCount();

  /** Whether no two rows have equal times and dimensions, as far as that is known. */
  default boolean hasDistinctRows() {
    return false;
  }
}
