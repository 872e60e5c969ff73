package io.starfire.protocol;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentDescriptor;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /starfire/v1/publications}: all that one batch run delivers for one data source.
 *
 * @param dataSource that it replaces
 * @param intervals disjoint, of whole segment buckets; every bucket has segments or a tombstone
 * @param version from the coordinator
 * @param segments all of them, with the version above
 * @param planFingerprint of the plan that computed them
 * @param grants per join, the window that it was computed with, as ISO-8601 durations
 * @param pin what the run read: a JSON object that the coordinator stores and does not interpret
 * @param hold whether it stays staged until somebody activates it
 * @param acceptLess whether it may hold fewer events than what it hides
 */
public record PublicationRequest(
    String dataSource,
    List<Interval> intervals,
    String version,
    List<SegmentDescriptor> segments,
    String planFingerprint,
    Map<String, String> grants,
    Map<String, Object> pin,
    boolean hold,
    boolean acceptLess) {
  public PublicationRequest {
    requireNonNull(dataSource, "dataSource");
    requireNonNull(version, "version");
    requireNonNull(planFingerprint, "planFingerprint");
    intervals = intervals == null ? List.of() : List.copyOf(intervals);
    segments = segments == null ? List.of() : List.copyOf(segments);
    grants = grants == null ? Map.of() : Map.copyOf(grants);
    pin = pin == null ? Map.of() : Map.copyOf(pin);
    if (intervals.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "a publication must cover at least one interval");
    }
    for (SegmentDescriptor segment : segments) {
      checkBelongs(dataSource, intervals, version, segment);
    }
  }

  private static void checkBelongs(
      String dataSource, List<Interval> intervals, String version, SegmentDescriptor segment) {
    boolean inside =
        intervals.stream().anyMatch(interval -> interval.contains(segment.id().interval()));
    if (!inside
        || !segment.id().dataSource().equals(dataSource)
        || !segment.id().version().equals(version)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "segment %s does not belong to a publication of %s at version %s over %s"
              .formatted(segment.id(), dataSource, version, intervals));
    }
  }
}
