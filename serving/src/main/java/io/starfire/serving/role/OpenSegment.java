package io.starfire.serving.role;

import io.starfire.segment.SegmentId;
import io.starfire.segment.column.IndexedRows;

/**
 * The rows of a stored segment, open for one query.
 *
 * @param rows closing this segment closes them
 */
public record OpenSegment(SegmentId id, IndexedRows rows) implements AutoCloseable {
  @Override
  public void close() {
    rows.close();
  }
}
