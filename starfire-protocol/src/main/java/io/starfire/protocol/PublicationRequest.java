package io.starfire.protocol;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SegmentDescriptor;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /starfire/v1/publications}: all that one batch run delivers. All data sources of it
 * become active in one view, or none of them.
 *
 * @param dataSources that it replaces, at least one, in order of their names
 * @param intervals disjoint, of whole segment buckets of each data source; every bucket has
 *     segments or a tombstone
 * @param version from the coordinator
 * @param segments of all data sources, with the version above
 * @param planFingerprint of the plan that computed them
 * @param grants per join, the window that it was computed with, as ISO-8601 durations
 * @param pin what the run read: a JSON object that the coordinator stores and does not interpret
 * @param hold whether it stays staged until somebody activates it
 * @param acceptLess whether it may hold fewer events than what it hides
 * @param schemas that its data sources have once it is active; one that is missing stays as it is
 */
public record PublicationRequest(
    List<String> dataSources,
    List<Interval> intervals,
    String version,
    List<SegmentDescriptor> segments,
    String planFingerprint,
    Map<String, String> grants,
    Map<String, Object> pin,
    boolean hold,
    boolean acceptLess,
    List<DataSourceSchema> schemas) {
  public PublicationRequest {
    requireNonNull(version, "version");
    requireNonNull(planFingerprint, "planFingerprint");
    dataSources = requireNonNull(dataSources, "dataSources").stream().sorted().toList();
    intervals = intervals == null ? List.of() : List.copyOf(intervals);
    segments = segments == null ? List.of() : List.copyOf(segments);
    grants = grants == null ? Map.of() : Map.copyOf(grants);
    pin = pin == null ? Map.of() : Map.copyOf(pin);
    schemas = schemas == null ? List.of() : List.copyOf(schemas);
    if (dataSources.isEmpty() || dataSources.stream().distinct().count() < dataSources.size()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a publication must have at least one data source, and each once; got " + dataSources);
    }
    for (DataSourceSchema schema : schemas) {
      if (!dataSources.contains(schema.name())) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "a publication of %s cannot have a schema of data source '%s'"
                .formatted(dataSources, schema.name()));
      }
    }
    if (intervals.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "a publication must cover at least one interval");
    }
    for (SegmentDescriptor segment : segments) {
      checkBelongs(dataSources, intervals, version, segment);
    }
  }

  /** One that leaves the schemas of its data sources as they are. */
  public PublicationRequest(
      List<String> dataSources,
      List<Interval> intervals,
      String version,
      List<SegmentDescriptor> segments,
      String planFingerprint,
      Map<String, String> grants,
      Map<String, Object> pin,
      boolean hold,
      boolean acceptLess) {
    this(
        dataSources,
        intervals,
        version,
        segments,
        planFingerprint,
        grants,
        pin,
        hold,
        acceptLess,
        List.of());
  }

  /** The same for one data source. */
  public PublicationRequest(
      String dataSource,
      List<Interval> intervals,
      String version,
      List<SegmentDescriptor> segments,
      String planFingerprint,
      Map<String, String> grants,
      Map<String, Object> pin,
      boolean hold,
      boolean acceptLess) {
    this(
        List.of(dataSource),
        intervals,
        version,
        segments,
        planFingerprint,
        grants,
        pin,
        hold,
        acceptLess,
        List.of());
  }

  /** The same with the schemas of its data sources. */
  public PublicationRequest withSchemas(List<DataSourceSchema> ofDataSources) {
    return new PublicationRequest(
        dataSources,
        intervals,
        version,
        segments,
        planFingerprint,
        grants,
        pin,
        hold,
        acceptLess,
        ofDataSources);
  }

  /** The id of the publication: a data source has at most one of each version. */
  public String id() {
    String first = dataSources.get(0);
    String name =
        dataSources.size() == 1 ? first : "%s_and_%d_more".formatted(first, dataSources.size() - 1);
    return name + "_" + version.replace(":", "");
  }

  /** The segments of one data source. */
  public List<SegmentDescriptor> segmentsOf(String dataSource) {
    return segments.stream()
        .filter(segment -> segment.id().dataSource().equals(dataSource))
        .toList();
  }

  private static void checkBelongs(
      List<String> dataSources,
      List<Interval> intervals,
      String version,
      SegmentDescriptor segment) {
    boolean inside =
        intervals.stream().anyMatch(interval -> interval.contains(segment.id().interval()));
    if (!inside
        || !dataSources.contains(segment.id().dataSource())
        || !segment.id().version().equals(version)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "segment %s does not belong to a publication of %s at version %s over %s"
              .formatted(segment.id(), String.join(", ", dataSources), version, intervals));
    }
  }
}
