package io.starfire.serving.view;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.DataSourceDelta;
import io.starfire.protocol.cluster.DataSourceState;
import io.starfire.protocol.cluster.ViewDelta;
import io.starfire.protocol.cluster.ViewSnapshot;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.timeline.TimelineObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What queries see at one moment: the segments of active publications, the committed real-time
 * segments, and the committed offset of each Kafka partition. It does not say who serves a segment.
 * Views are numbered in the order in which they are made. Two views share the data sources in which
 * they do not differ. Immutable.
 */
public final class View {
  private final long number;
  private final String name;
  private final Map<String, DataSourceView> dataSources;

  private View(long number, String name, Map<String, DataSourceView> dataSources) {
    this.number = number;
    this.name = name;
    this.dataSources = dataSources;
  }

  private static View numbered(long number, Map<String, DataSourceView> dataSources) {
    return new View(number, "view " + number, dataSources);
  }

  /** A whole view. */
  public static View of(ViewSnapshot snapshot) {
    Map<String, DataSourceView> dataSources = new TreeMap<>();
    for (DataSourceState state : snapshot.dataSources()) {
      dataSources.put(state.registration().schema().name(), DataSourceView.of(state));
    }
    return numbered(snapshot.number(), dataSources);
  }

  /** All of this view, as it is sent. */
  public ViewSnapshot snapshot() {
    return new ViewSnapshot(
        number, dataSources.values().stream().map(DataSourceView::state).toList());
  }

  /**
   * The view that follows this one.
   *
   * @param following its number
   * @param changed the data sources that are not as they are here
   */
  public View followedBy(long following, Collection<DataSourceState> changed) {
    Map<String, DataSourceView> next = new TreeMap<>(dataSources);
    for (DataSourceState state : changed) {
      next.put(state.registration().schema().name(), DataSourceView.of(state));
    }
    return numbered(following, next);
  }

  /** The step from this view to a later one. */
  public ViewDelta deltaTo(View later) {
    List<DataSourceDelta> changed = new ArrayList<>();
    later.dataSources.forEach(
        (dataSource, then) -> {
          DataSourceView now = dataSources.get(dataSource);
          if (!isShared(now, then)) {
            changed.add(DataSourceView.delta(now, then));
          }
        });
    return new ViewDelta(number, later.number, changed);
  }

  // Comparing segments would cost as much as finding the difference.
  @SuppressWarnings("ReferenceEquality")
  private static boolean isShared(@Nullable DataSourceView one, DataSourceView other) {
    return one == other;
  }

  /**
   * The view after a step.
   *
   * @throws StarfireException with INTERNAL if the step is not one from this view
   */
  public View after(ViewDelta delta) {
    if (delta.after() != number) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "the step from view %d to view %d cannot be taken from view %d"
              .formatted(delta.after(), delta.number(), number));
    }
    Map<String, DataSourceView> next = new TreeMap<>(dataSources);
    for (DataSourceDelta changed : delta.changed()) {
      next.compute(
          changed.registration().schema().name(), (key, now) -> DataSourceView.after(now, changed));
    }
    return numbered(delta.number(), next);
  }

  /** How a data source differs from another view in this one. */
  public DataSourceDelta differenceFrom(View other, String dataSource) {
    return DataSourceView.delta(other.find(dataSource), find(dataSource));
  }

  /** This view with one data source changed; everything else, also the number, is the same. */
  public View with(DataSourceDelta changed) {
    String dataSource = changed.registration().schema().name();
    return with(dataSource, DataSourceView.after(find(dataSource), changed));
  }

  /** This view with another schema and other segments of one data source. */
  public View changed(
      String dataSource,
      DataSourceSchema schema,
      Collection<SegmentDescriptor> added,
      Collection<SegmentDescriptor> removed) {
    DataSourceView present = find(dataSource);
    return with(
        new DataSourceDelta(
            new DataSourceRegistration(schema, present.registration().topic()),
            List.copyOf(added),
            removed.stream().map(SegmentDescriptor::id).toList(),
            present.committedOffsets()));
  }

  /** This view with one data source taken from another view. */
  public View with(String dataSource, View other) {
    return with(dataSource, other.find(dataSource));
  }

  private View with(String dataSource, DataSourceView other) {
    Map<String, DataSourceView> changed = new TreeMap<>(dataSources);
    changed.put(dataSource, other);
    return new View(number, name, changed);
  }

  /** This view with another number and name. */
  public View named(long otherNumber, String otherName) {
    return new View(otherNumber, otherName, dataSources);
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
    return find(dataSource).registration();
  }

  /**
   * What is visible of a data source in an interval, including tombstones. Intervals of the result
   * are clipped to the given one.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public List<TimelineObject<SegmentDescriptor>> lookup(String dataSource, Interval interval) {
    return find(dataSource).timeline().lookup(interval);
  }

  /**
   * The parts of an interval in which rows of a version are visible. The version need not be in the
   * view: live rows are not.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public List<Interval> visibleParts(String dataSource, Interval interval, String version) {
    return find(dataSource).timeline().visibleParts(interval, version);
  }

  /**
   * The committed offset (the next one to read) of each Kafka partition that has one.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public Map<Integer, Long> committedOffsets(String dataSource) {
    return find(dataSource).committedOffsets();
  }

  /** The segments that are visible at least in part; without tombstones. A new map. */
  public Map<SegmentId, SegmentDescriptor> visibleSegments() {
    Map<SegmentId, SegmentDescriptor> visible = new LinkedHashMap<>();
    dataSources.values().forEach(dataSource -> visible.putAll(dataSource.visible()));
    return visible;
  }

  /**
   * All segments of a data source: those that show, those that others hide, and tombstones.
   *
   * @throws StarfireException with NOT_FOUND, naming the data sources that exist
   */
  public Collection<SegmentDescriptor> segments(String dataSource) {
    return Collections.unmodifiableCollection(find(dataSource).segments().values());
  }

  /** The visible segments of one data source; empty if there is no such data source. Immutable. */
  public Map<SegmentId, SegmentDescriptor> visibleSegments(String dataSource) {
    DataSourceView found = dataSources.get(dataSource);
    return found == null ? Map.of() : found.visible();
  }

  /** Whether a segment is visible at least in part. */
  public boolean shows(SegmentId segment) {
    return visibleSegments(segment.dataSource()).containsKey(segment);
  }

  private DataSourceView find(String name) {
    DataSourceView found = dataSources.get(name);
    if (found == null) {
      throw unknownDataSource(name, dataSources.keySet());
    }
    return found;
  }

  /** The error for a name that no data source has. */
  public static StarfireException unknownDataSource(String name, Set<String> known) {
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
