package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import java.util.List;
import java.util.Map;

/**
 * How one data source differs between two views.
 *
 * @param registration as it is in the later view
 * @param added segments that only the later view has
 * @param removed segments that only the earlier view has; they are removed before others are added
 * @param committedOffsets all of the later view, by Kafka partition
 */
public record DataSourceDelta(
    DataSourceRegistration registration,
    List<SegmentDescriptor> added,
    List<SegmentId> removed,
    Map<Integer, Long> committedOffsets) {
  public DataSourceDelta {
    requireNonNull(registration, "registration");
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    committedOffsets = Map.copyOf(committedOffsets);
  }
}
