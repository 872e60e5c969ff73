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
 * {@code POST /starfire/v1/publications}: everything that one batch run delivers. Its data sources
 * become active all in one view, or not at all.
 *
 * @param dataSources the data sources that it replaces, sorted by name; at least one
 * @param intervals the intervals that it replaces; they are disjoint and consist of whole segment
 *     buckets of each data source. Every bucket has segments or a tombstone.
 * @param version the version, from the coordinator
 * @param segments the segments of all data sources, with this version
 * @param planFingerprint fingerprint of the plan that computed them
 * @param grants by join, the window with which it was computed, as ISO-8601 durations
 * @param pin what the run read: a JSON object that the coordinator stores and does not interpret
 * @param hold whether it stays staged until a user activates it
 * @param acceptLoss whether it may hold fewer events than what it hides
 * @param schemas the schemas of its data sources once it is active; a data source without one keeps
 *     its schema
 * @param deepStorageRoot where the run has stored the segments, as the run sees it; for messages,
 *     and empty if the sender does not say
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
    boolean acceptLoss,
    List<DataSourceSchema> schemas,
    String deepStorageRoot) {
  public PublicationRequest {
    requireNonNull(version, "version");
    requireNonNull(planFingerprint, "planFingerprint");
    dataSources = requireNonNull(dataSources, "dataSources").stream().sorted().toList();
    intervals = intervals == null ? List.of() : List.copyOf(intervals);
    segments = segments == null ? List.of() : List.copyOf(segments);
    grants = grants == null ? Map.of() : Map.copyOf(grants);
    pin = pin == null ? Map.of() : Map.copyOf(pin);
    schemas = schemas == null ? List.of() : List.copyOf(schemas);
    deepStorageRoot = deepStorageRoot == null ? "" : deepStorageRoot;
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

  /** A request that does not change the schemas of its data sources. */
  public PublicationRequest(
      List<String> dataSources,
      List<Interval> intervals,
      String version,
      List<SegmentDescriptor> segments,
      String planFingerprint,
      Map<String, String> grants,
      Map<String, Object> pin,
      boolean hold,
      boolean acceptLoss) {
    this(
        dataSources,
        intervals,
        version,
        segments,
        planFingerprint,
        grants,
        pin,
        hold,
        acceptLoss,
        List.of(),
        "");
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
      boolean acceptLoss) {
    this(
        List.of(dataSource),
        intervals,
        version,
        segments,
        planFingerprint,
        grants,
        pin,
        hold,
        acceptLoss);
  }

  /** This request with schemas for its data sources. */
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
        acceptLoss,
        ofDataSources,
        deepStorageRoot);
  }

  /** This request with the place where its segments are. */
  public PublicationRequest storedIn(String root) {
    return new PublicationRequest(
        dataSources,
        intervals,
        version,
        segments,
        planFingerprint,
        grants,
        pin,
        hold,
        acceptLoss,
        schemas,
        root);
  }

  /** The id of the publication. It is unique, since a data source has one publication a version. */
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
