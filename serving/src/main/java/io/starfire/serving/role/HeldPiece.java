package io.starfire.serving.role;

import io.starfire.common.Interval;
import io.starfire.segment.column.IndexedRows;
import io.starfire.serving.query.exec.RowSource;
import java.util.List;

/** A row set that a node holds open for a query. */
public sealed interface HeldPiece extends AutoCloseable permits OpenSegment, LivePiece {
  IndexedRows rows();

  /**
   * The rows under the name that answers give them.
   *
   * @param parts in which they show, in order, not overlapping
   */
  RowSource source(List<Interval> parts);

  /** Whether the rows stay as they are under this name for ever. */
  boolean isImmutable();

  @Override
  default void close() {
    rows().close();
  }
}
