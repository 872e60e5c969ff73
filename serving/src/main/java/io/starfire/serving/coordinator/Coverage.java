package io.starfire.serving.coordinator;

import io.starfire.common.Interval;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.realtime.LivePiece;
import io.starfire.serving.realtime.LiveRows;
import io.starfire.serving.timeline.TimelineObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a publication with what it would hide: no bucket may hold fewer events by more than a
 * set fraction. What is hidden is what the present view shows there, and the live rows (counted
 * after rollup, so that they are a lower bound).
 *
 * <p>Where segments of the view reach over several buckets of the publication, these buckets are
 * compared together. Where they reach beyond it, the hidden part is taken as its share of time.
 */
final class Coverage {
  private final LiveRows liveRows;
  private final double acceptedLoss;

  /**
   * @param acceptedLoss the fraction of the hidden events that a bucket may lack, from 0 to 1
   */
  Coverage(LiveRows liveRows, double acceptedLoss) {
    this.liveRows = liveRows;
    this.acceptedLoss = acceptedLoss;
  }

  /** Why the publication may not turn, naming the bucket and the numbers; empty if it may. */
  Optional<String> shortfall(View view, String dataSource, List<SegmentDescriptor> segments) {
    for (Group group : groups(view, dataSource, segments)) {
      double hidden = group.hiddenEvents + liveRowCount(view, dataSource, group.interval);
      if (group.newEvents < hidden * (1 - acceptedLoss)) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "%s would hold %d events where %d show now, which is %.1f%% less and more than the %.1f%% that is accepted;"
                    + " run it again, or accept that with --accept-less",
                group.interval,
                group.newEvents,
                (long) Math.ceil(hidden),
                100 * (hidden - group.newEvents) / hidden,
                100 * acceptedLoss));
      }
    }
    return Optional.empty();
  }

  private static final class Group {
    private Interval interval;
    private long newEvents;
    private double hiddenEvents;

    /** The end of what was hidden so far; buckets before it belong to this group. */
    private long hiddenEndMillis;
  }

  private static List<Group> groups(
      View view, String dataSource, List<SegmentDescriptor> segments) {
    List<Group> groups = new ArrayList<>();
    Group group = null;
    for (Map.Entry<Interval, List<SegmentDescriptor>> bucket :
        PublicationCheck.byBucket(segments).entrySet()) {
      Interval interval = bucket.getKey();
      if (group == null || interval.startMillis() >= group.hiddenEndMillis) {
        group = new Group();
        group.interval = interval;
        groups.add(group);
      }
      group.interval = new Interval(group.interval.startMillis(), interval.endMillis());
      group.newEvents += events(bucket.getValue());
      for (TimelineObject<SegmentDescriptor> piece : view.lookup(dataSource, interval)) {
        double share =
            (double) piece.interval().lengthMillis() / piece.trueInterval().lengthMillis();
        group.hiddenEvents += events(piece.objects()) * share;
        group.hiddenEndMillis = Math.max(group.hiddenEndMillis, piece.trueInterval().endMillis());
      }
    }
    return groups;
  }

  private static long events(List<SegmentDescriptor> segments) {
    return segments.stream().mapToLong(SegmentDescriptor::eventCount).sum();
  }

  private long liveRowCount(View view, String dataSource, Interval interval) {
    long rows = 0;
    for (LivePiece piece :
        liveRows.snapshot(dataSource, view.committedOffsets(dataSource), interval)) {
      try (piece) {
        if (interval.contains(piece.bucket())
            && !view.visibleParts(dataSource, piece.bucket(), piece.version()).isEmpty()) {
          rows += piece.rows().rowCount();
        }
      }
    }
    return rows;
  }
}
