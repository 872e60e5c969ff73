package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.segment.SegmentDescriptor;
import java.util.List;

/**
 * A segment, and where a query may see it.
 *
 * @param segment with a file
 * @param parts the intervals in which it shows, in order, not overlapping
 */
public record SegmentPart(SegmentDescriptor segment, List<Interval> parts) {
  public SegmentPart {
    requireNonNull(segment, "segment");
    parts = List.copyOf(parts);
  }
}
