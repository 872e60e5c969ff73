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
 * What queries see, fixed at one moment: the segments of active publications, the committed
 * real-time segments, and up to which offset each Kafka partition is committed. Made from the
 * metadata store alone; who serves a segment plays no part in it. Views are numbered in the order
 * in which they came to be. Immutable.
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

  /** The view of what the transaction sees, under the number that it says. */
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
   * The view of what the transaction sees, if it follows this one: of the data sources that the
   * transaction has changed all is read, and the others are as here. If a view in between was
   * missed, since nobody heard that a transaction had been committed, everything is read.
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
   * This view with other segments of one data source; all else, and the number, is as here.
   *
   * @param removed that are in this view
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

  /** This view with one data source as another view has it. */
  View with(String dataSource, View other) {
    Map<String, DataSource> changed = new LinkedHashMap<>(dataSources);
    changed.put(dataSource, other.find(dataSource));
    return new View(number, name, changed);
  }

  /** The same under another number and name. */
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

  /** At or above 0; a later view has a higher one. */
  public long number() {
    return number;
  }

  /** What it is called in messages, such as {@code view 17}. */
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
   * What shows of a data source in an interval, tombstones too; pieces are clipped to the interval.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public List<TimelineObject<SegmentDescriptor>> lookup(String dataSource, Interval interval) {
    return find(dataSource).timeline.lookup(interval);
  }

  /**
   * Where in an interval rows of a version that is not in the view (live rows) show.
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

  /** Every segment with a file of which something shows. */
  public Map<SegmentId, SegmentDescriptor> visibleSegments() {
    Map<SegmentId, SegmentDescriptor> visible = new LinkedHashMap<>();
    dataSources.values().forEach(dataSource -> visible.putAll(dataSource.visible));
    return visible;
  }

  /** Those of one data source; none if there is no such. Immutable. */
  public Map<SegmentId, SegmentDescriptor> visibleSegments(String dataSource) {
    DataSource found = dataSources.get(dataSource);
    return found == null ? Map.of() : found.visible;
  }

  /** Whether something of a segment shows. */
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
