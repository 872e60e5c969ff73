package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.metadata.RealtimeOffsetTable;
import io.starfire.serving.timeline.NumberedChunk;
import io.starfire.serving.timeline.TimelineAddition;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.timeline.TombstoneChunk;
import io.starfire.serving.timeline.VersionedIntervalTimeline;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What queries see at one moment: the segments of active publications, the committed real-time
 * segments, and the committed offset of each Kafka partition. It is made from the metadata store
 * only; it does not say who serves a segment. Views are numbered in the order in which they are
 * made. Immutable.
 */
public final class View {
  private final long number;
  private final String name;
  private final Map<String, DataSource> dataSources;

  private record DataSource(
      DataSourceRegistration registration,
      VersionedIntervalTimeline<SegmentDescriptor> timeline,
      Map<Integer, Long> committedOffsets,
      Map<SegmentId, SegmentDescriptor> visible) {
    static DataSource of(
        DataSourceRegistration registration,
        List<SegmentDescriptor> segments,
        Map<Integer, Long> committedOffsets) {
      VersionedIntervalTimeline<SegmentDescriptor> timeline = new VersionedIntervalTimeline<>();
      timeline.addAll(segments.stream().map(View::addition).toList());
      return of(registration, timeline, Map.copyOf(committedOffsets));
    }

    static DataSource of(
        DataSourceRegistration registration,
        VersionedIntervalTimeline<SegmentDescriptor> timeline,
        Map<Integer, Long> committedOffsets) {
      return new DataSource(
          registration,
          timeline,
          committedOffsets,
          timeline.lookup(Interval.ETERNITY).stream()
              .flatMap(piece -> piece.objects().stream())
              .filter(segment -> !segment.tombstone())
              .collect(
                  Collectors.toUnmodifiableMap(
                      SegmentDescriptor::id, segment -> segment, (one, same) -> one)));
    }
  }

  private View(long number, String name, Map<String, DataSource> dataSources) {
    this.number = number;
    this.name = name;
    this.dataSources = dataSources;
  }

  /** The view of the current state in a transaction, with the number stored there. */
  static View read(MetadataTransaction transaction) {
    Map<String, DataSource> dataSources = new TreeMap<>();
    Map<String, List<SegmentDescriptor>> segments =
        transaction.segments().inViews().stream()
            .collect(Collectors.groupingBy(segment -> segment.id().dataSource()));
    Map<String, Map<Integer, Long>> offsets = offsets(transaction);
    for (DataSourceRegistration registration : transaction.dataSources().all()) {
      String name = registration.schema().name();
      dataSources.put(
          name,
          DataSource.of(
              registration,
              segments.getOrDefault(name, List.of()),
              offsets.getOrDefault(name, Map.of())));
    }
    return numbered(transaction.viewNumber(), dataSources);
  }

  /**
   * The view after a transaction. Data sources that the transaction changed are read; the others
   * are taken from this view. If a view in between was missed, because the success of its
   * transaction was not reported, everything is read.
   *
   * @param changed the data sources in which the transaction changed anything that views show
   */
  View next(MetadataTransaction transaction, Collection<String> changed) {
    long following = transaction.viewNumber();
    if (following != number + 1) {
      return read(transaction);
    }
    Map<String, DataSource> next = new TreeMap<>(dataSources);
    Map<String, Map<Integer, Long>> offsets = offsets(transaction);
    for (String dataSource : changed) {
      next.put(
          dataSource,
          DataSource.of(
              DataSources.require(transaction, dataSource),
              transaction.segments().inViews(dataSource),
              offsets.getOrDefault(dataSource, Map.of())));
    }
    return numbered(following, next);
  }

  private static View numbered(long number, Map<String, DataSource> dataSources) {
    return new View(number, "view " + number, dataSources);
  }

  /** By data source and Kafka partition. */
  private static Map<String, Map<Integer, Long>> offsets(MetadataTransaction transaction) {
    Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
    for (RealtimeOffsetTable.Row row : transaction.realtimeOffsets().all()) {
      offsets
          .computeIfAbsent(row.dataSource(), name -> new TreeMap<>())
          .put(row.kafkaPartition(), row.committedOffset());
    }
    return offsets;
  }

  /**
   * This view with other segments of one data source. Everything else, also the number, is the
   * same.
   *
   * @param removed segments of this view
   */
  View changed(
      String dataSource,
      Collection<SegmentDescriptor> added,
      Collection<SegmentDescriptor> removed) {
    DataSource present = find(dataSource);
    VersionedIntervalTimeline<SegmentDescriptor> timeline = present.timeline.copy();
    for (SegmentDescriptor segment : removed) {
      TimelineAddition<SegmentDescriptor> entry = addition(segment);
      if (timeline.remove(entry.interval(), entry.version(), entry.chunk()).isEmpty()) {
        throw new StarfireException(
            ErrorCode.INTERNAL, "segment %s is not in %s".formatted(segment.id(), name));
      }
    }
    timeline.addAll(added.stream().map(View::addition).toList());
    Map<String, DataSource> changed = new TreeMap<>(dataSources);
    changed.put(
        dataSource, DataSource.of(present.registration, timeline, present.committedOffsets));
    return new View(number, name, changed);
  }

  /** This view with one data source taken from another view. */
  View with(String dataSource, View other) {
    Map<String, DataSource> changed = new LinkedHashMap<>(dataSources);
    changed.put(dataSource, other.find(dataSource));
    return new View(number, name, changed);
  }

  /** This view with another number and name. */
  View named(long otherNumber, String otherName) {
    return new View(otherNumber, otherName, dataSources);
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

  /** The number of the view; at least 0. A later view has a higher number. */
  public long number() {
    return number;
  }

  /** Its name in messages, such as {@code view 17}. */
  public String name() {
    return name;
  }

  /** The names of all registered data sources, in order. */
  public Set<String> dataSources() {
    return dataSources.keySet();
  }

  /**
   * The registration of a data source, as it was when the view was made.
   *
   * @throws StarfireException with NOT_FOUND, naming those that exist
   */
  public DataSourceRegistration registration(String dataSource) {
    return find(dataSource).registration;
  }

  /**
   * What is visible of a data source in an interval, including tombstones. Intervals of the result
   * are clipped to the given one.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public List<TimelineObject<SegmentDescriptor>> lookup(String dataSource, Interval interval) {
    return find(dataSource).timeline.lookup(interval);
  }

  /**
   * The parts of an interval in which rows of a version are visible. The version need not be in the
   * view: live rows are not.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public List<Interval> visibleParts(String dataSource, Interval interval, String version) {
    return find(dataSource).timeline.visibleParts(interval, version);
  }

  /**
   * The committed offset (the next one to read) of each Kafka partition that has one.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public Map<Integer, Long> committedOffsets(String dataSource) {
    return find(dataSource).committedOffsets;
  }

  /** The segments that are visible at least in part; without tombstones. A new map. */
  public Map<SegmentId, SegmentDescriptor> visibleSegments() {
    Map<SegmentId, SegmentDescriptor> visible = new LinkedHashMap<>();
    dataSources.values().forEach(dataSource -> visible.putAll(dataSource.visible));
    return visible;
  }

  /** The visible segments of one data source; empty if there is no such data source. Immutable. */
  public Map<SegmentId, SegmentDescriptor> visibleSegments(String dataSource) {
    DataSource found = dataSources.get(dataSource);
    return found == null ? Map.of() : found.visible;
  }

  /** Whether a segment is visible at least in part. */
  public boolean shows(SegmentId segment) {
    return visibleSegments(segment.dataSource()).containsKey(segment);
  }

  private DataSource find(String name) {
    DataSource found = dataSources.get(name);
    if (found == null) {
      throw unknownDataSource(name, dataSources.keySet());
    }
    return found;
  }

  static StarfireException unknownDataSource(String name, Set<String> known) {
    return new StarfireException(
        ErrorCode.NOT_FOUND,
        "there is no data source '%s'; %s"
            .formatted(
                name,
                known.isEmpty()
                    ? "none is registered yet"
                    : "there are: " + String.join(", ", known)));
  }
}
