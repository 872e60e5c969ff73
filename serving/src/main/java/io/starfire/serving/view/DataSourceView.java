package io.starfire.serving.view;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.DataSourceDelta;
import io.starfire.protocol.cluster.DataSourceState;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.timeline.NumberedChunk;
import io.starfire.serving.timeline.TimelineAddition;
import io.starfire.serving.timeline.TombstoneChunk;
import io.starfire.serving.timeline.VersionedIntervalTimeline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One data source in a view. Immutable.
 *
 * @param segments all of them, those that are hidden and tombstones too
 * @param timeline of these segments; not changed once it is here
 * @param visible those with a file of which anything shows
 */
record DataSourceView(
    DataSourceRegistration registration,
    Map<SegmentId, SegmentDescriptor> segments,
    VersionedIntervalTimeline<SegmentDescriptor> timeline,
    Map<Integer, Long> committedOffsets,
    Map<SegmentId, SegmentDescriptor> visible) {

  static DataSourceView of(DataSourceState state) {
    Map<SegmentId, SegmentDescriptor> segments = new LinkedHashMap<>();
    state.segments().forEach(segment -> segments.put(segment.id(), segment));
    VersionedIntervalTimeline<SegmentDescriptor> timeline = new VersionedIntervalTimeline<>();
    timeline.addAll(additions(segments.values()));
    return of(state.registration(), segments, timeline, state.committedOffsets());
  }

  private static DataSourceView of(
      DataSourceRegistration registration,
      Map<SegmentId, SegmentDescriptor> segments,
      VersionedIntervalTimeline<SegmentDescriptor> timeline,
      Map<Integer, Long> committedOffsets) {
    return new DataSourceView(
        registration,
        segments,
        timeline,
        committedOffsets,
        timeline.lookup(Interval.ETERNITY).stream()
            .flatMap(piece -> piece.objects().stream())
            .filter(segment -> !segment.tombstone())
            .collect(
                Collectors.toUnmodifiableMap(
                    SegmentDescriptor::id, segment -> segment, (one, same) -> one)));
  }

  DataSourceState state() {
    return new DataSourceState(registration, List.copyOf(segments.values()), committedOffsets);
  }

  /**
   * How a data source differs.
   *
   * @param before null if it was not there
   */
  static DataSourceDelta delta(@Nullable DataSourceView before, DataSourceView after) {
    Map<SegmentId, SegmentDescriptor> had = before == null ? Map.of() : before.segments;
    List<SegmentDescriptor> added = new ArrayList<>();
    after.segments.forEach(
        (id, segment) -> {
          if (!segment.equals(had.get(id))) {
            added.add(segment);
          }
        });
    List<SegmentId> removed = new ArrayList<>();
    had.forEach(
        (id, segment) -> {
          if (!segment.equals(after.segments.get(id))) {
            removed.add(id);
          }
        });
    return new DataSourceDelta(after.registration, added, removed, after.committedOffsets);
  }

  /**
   * The data source after a change.
   *
   * @param before null if it was not there
   * @throws StarfireException with INTERNAL if a segment that is to be removed is not there
   */
  static DataSourceView after(@Nullable DataSourceView before, DataSourceDelta delta) {
    if (before == null) {
      return of(new DataSourceState(delta.registration(), delta.added(), delta.committedOffsets()));
    }
    if (delta.added().isEmpty() && delta.removed().isEmpty()) {
      return new DataSourceView(
          delta.registration(),
          before.segments,
          before.timeline,
          delta.committedOffsets(),
          before.visible);
    }
    Map<SegmentId, SegmentDescriptor> segments = new LinkedHashMap<>(before.segments);
    VersionedIntervalTimeline<SegmentDescriptor> timeline = before.timeline.copy();
    for (SegmentId id : delta.removed()) {
      SegmentDescriptor segment = segments.remove(id);
      if (segment == null || !remove(timeline, segment)) {
        throw new StarfireException(
            ErrorCode.INTERNAL,
            "segment %s is to be removed from the view of data source '%s', and is not in it"
                .formatted(id, delta.registration().schema().name()));
      }
    }
    delta.added().forEach(segment -> segments.put(segment.id(), segment));
    timeline.addAll(additions(delta.added()));
    return of(delta.registration(), segments, timeline, delta.committedOffsets());
  }

  private static boolean remove(
      VersionedIntervalTimeline<SegmentDescriptor> timeline, SegmentDescriptor segment) {
    TimelineAddition<SegmentDescriptor> entry = addition(segment);
    return timeline.remove(entry.interval(), entry.version(), entry.chunk()).isPresent();
  }

  private static List<TimelineAddition<SegmentDescriptor>> additions(
      Collection<SegmentDescriptor> segments) {
    return segments.stream().map(DataSourceView::addition).toList();
  }

  private static TimelineAddition<SegmentDescriptor> addition(SegmentDescriptor segment) {
    SegmentId id = segment.id();
    return new TimelineAddition<>(
        id.interval(),
        id.version(),
        segment.tombstone()
            ? new TombstoneChunk<>(segment)
            : new NumberedChunk<>(id.partition(), segment.corePartitions(), segment));
  }
}
