package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.SegmentDescriptor;
import java.util.List;
import java.util.Map;

/**
 * One data source in a view.
 *
 * @param registration its registration when the view was made
 * @param segments all segments of the view, including hidden ones and tombstones
 * @param committedOffsets by Kafka partition, the committed offset (the next one to read)
 */
public record DataSourceState(
    DataSourceRegistration registration,
    List<SegmentDescriptor> segments,
    Map<Integer, Long> committedOffsets) {
  public DataSourceState {
    requireNonNull(registration, "registration");
    segments = List.copyOf(segments);
    committedOffsets = Map.copyOf(committedOffsets);
  }
}
