package io.starfire.protocol.cluster;

import io.starfire.segment.SegmentId;
import java.util.List;

/**
 * What has changed in what a node serves.
 *
 * @param added segments that it serves since
 * @param removed segments that it serves no more
 */
public record InventoryDelta(List<SegmentId> added, List<SegmentId> removed) {
  public InventoryDelta {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /** A segment is served now. */
  public static InventoryDelta added(SegmentId segment) {
    return new InventoryDelta(List.of(segment), List.of());
  }

  /** A segment is served no more. */
  public static InventoryDelta removed(SegmentId segment) {
    return new InventoryDelta(List.of(), List.of(segment));
  }
}
