package io.starfire.serving.role;

import io.starfire.common.Interval;
import io.starfire.segment.SegmentId;
import io.starfire.segment.column.IndexedRows;
import io.starfire.serving.query.exec.RowSource;
import java.util.List;

/**
 * The rows of a stored segment, open for one query.
 *
 * @param rows closing this segment closes them
 */
public record OpenSegment(SegmentId id, IndexedRows rows) implements HeldPiece {
  @Override
  public RowSource source(List<Interval> parts) {
    return new RowSource(id.toString(), id.interval(), rows, parts);
  }

  @Override
  public boolean isImmutable() {
    return true;
  }
}
