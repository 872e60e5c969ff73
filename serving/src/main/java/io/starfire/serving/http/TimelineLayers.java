package io.starfire.serving.http;

import io.starfire.common.Interval;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code GET /starfire/v1/timeline/{dataSource}/layers}: everything that a view holds of a data
 * source, what is hidden too, and its live rows.
 *
 * @param dataSource its name
 * @param viewNumber of the view that this describes
 * @param segmentGranularity of its buckets, by the name that queries have for it
 * @param sets in order of time, then of version; the newest if there are too many
 * @param leftOut how many older sets are not among them
 */
public record TimelineLayers(
    String dataSource,
    long viewNumber,
    String segmentGranularity,
    List<SegmentSet> sets,
    int leftOut) {
  /** More than anybody can look at; whoever wants others names an interval. */
  private static final int MOST_SETS = 5_000;

  /**
   * The segments of one interval and version, or the live rows of a bucket.
   *
   * @param kind live, realtime, batch or tombstone
   * @param shows the parts of the interval in which it shows; empty if it is hidden
   * @param partitions number of segments; 0 for live rows
   * @param rows after rollup
   * @param events before rollup
   * @param bytes of the files
   */
  public record SegmentSet(
      Interval interval,
      String version,
      String kind,
      List<Interval> shows,
      int partitions,
      long rows,
      long events,
      long bytes) {}

  private record Place(Interval interval, String version) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.<Place>comparingLong(place -> place.interval.startMillis())
            .thenComparingLong(place -> place.interval.endMillis())
            .thenComparing(Place::version);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  static TimelineLayers of(View view, LiveNode live, String dataSource, Interval interval) {
    Map<Place, List<Interval>> shown = new HashMap<>();
    for (TimelineObject<SegmentDescriptor> piece : view.lookup(dataSource, interval)) {
      shown
          .computeIfAbsent(
              new Place(piece.trueInterval(), piece.version()), place -> new ArrayList<>())
          .add(piece.interval());
    }
    Map<Place, List<SegmentDescriptor>> stored = new TreeMap<>();
    for (SegmentDescriptor segment : view.segments(dataSource)) {
      if (segment.id().interval().overlaps(interval)) {
        stored
            .computeIfAbsent(
                new Place(segment.id().interval(), segment.id().version()),
                place -> new ArrayList<>())
            .add(segment);
      }
    }
    List<SegmentSet> sets = new ArrayList<>();
    stored.forEach(
        (place, segments) -> sets.add(set(place, segments, shown.getOrDefault(place, List.of()))));
    sets.addAll(live(view, live, dataSource, interval));
    sets.sort(
        Comparator.<SegmentSet>comparingLong(set -> set.interval.startMillis())
            .thenComparing(SegmentSet::version));
    int leftOut = Math.max(0, sets.size() - MOST_SETS);
    return new TimelineLayers(
        dataSource,
        view.number(),
        view.registration(dataSource).schema().segmentGranularity().jsonName(),
        List.copyOf(sets.subList(leftOut, sets.size())),
        leftOut);
  }

  private static SegmentSet set(
      Place place, List<SegmentDescriptor> segments, List<Interval> shows) {
    return new SegmentSet(
        place.interval,
        place.version,
        TimelineResponse.kind(segments.get(0)),
        List.copyOf(shows),
        segments.size(),
        segments.stream().mapToLong(SegmentDescriptor::rowCount).sum(),
        segments.stream().mapToLong(SegmentDescriptor::eventCount).sum(),
        segments.stream().mapToLong(SegmentDescriptor::sizeBytes).sum());
  }

  /** Rows that no view holds yet, by bucket. */
  private static List<SegmentSet> live(
      View view, LiveNode live, String dataSource, Interval interval) {
    Map<Place, long[]> counts = new TreeMap<>();
    LiveScan wanted = new LiveScan(dataSource, view.committedOffsets(dataSource), interval);
    try (HeldRows<LivePiece> held = live.hold(wanted)) {
      for (LivePiece piece : held.pieces()) {
        long[] count =
            counts.computeIfAbsent(
                new Place(piece.bucket(), piece.version()), place -> new long[2]);
        count[0] += piece.rows().rowCount();
        count[1] += piece.rows().eventCount();
      }
    }
    List<SegmentSet> sets = new ArrayList<>();
    counts.forEach(
        (place, count) ->
            sets.add(
                new SegmentSet(
                    place.interval,
                    place.version,
                    "live",
                    view.visibleParts(dataSource, place.interval, place.version),
                    0,
                    count[0],
                    count[1],
                    0)));
    return sets;
  }
}
