package io.starfire.serving.historical;

import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.column.IndexedRows;
import java.util.Optional;

/** A node that serves segments, as the broker sees it. Implementations are thread-safe. */
public interface SegmentServer {
  /**
   * Opens a segment for one query, which closes it when it has read it; the rows stay readable
   * until then, even if the segment is dropped meanwhile.
   *
   * @return nothing if this node neither serves it nor has fetched its file
   */
  Optional<IndexedRows> open(SegmentDescriptor segment);

  /** Tells the node that a query found bytes of its copy damaged, so that it gets another. */
  void reportDamage(SegmentId segment);
}
