package io.starfire.segment.column;

import io.starfire.event.DataSourceSchema;

/**
 * Rows that know what they were made from: segments, persisted pieces, and snapshots of a live
 * index. What is merged has to be one of these, so that no event is lost from the count.
 */
public interface IndexedRows extends RowSet {
  /** The schema, whose dimensions and metrics are the columns. */
  DataSourceSchema schema();

  /** Events that went into the rows, before rollup. */
  long eventCount();
}
