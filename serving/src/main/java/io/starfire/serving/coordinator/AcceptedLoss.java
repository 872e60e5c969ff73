package io.starfire.serving.coordinator;

import io.starfire.common.Interval;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Compares a publication with what it would hide, or with what would show again without it: no
 * bucket may hold fewer events afterwards by more than a set fraction. What is hidden is what the
 * present view shows there, and the live rows (counted after rollup, so that they are a lower
 * bound).
 *
 * <p>Where segments of the view reach over several buckets of the publication, these buckets are
 * compared together. Where they reach beyond it, the part of them is taken as its share of time.
 */
final class AcceptedLoss {
  private final LiveNode live;
  private final double fraction;

  /**
   * @param fraction the fraction of the hidden events that a bucket may lack, from 0 to 1
   */
  AcceptedLoss(LiveNode live, double fraction) {
    this.live = live;
    this.fraction = fraction;
  }

  /**
   * Why the publication may not become active, naming the bucket and the numbers; empty if it may.
   */
  Optional<String> ofActivation(View view, String dataSource, List<SegmentDescriptor> segments) {
    List<Side> buckets = new ArrayList<>();
    PublicationCheck.byBucket(segments)
        .forEach((interval, ofBucket) -> buckets.add(new Side(interval, events(ofBucket))));
    for (Group group : groups(buckets, view, dataSource)) {
      double hidden = group.otherEvents + liveRowCount(view, dataSource, group.interval);
      if (isLoss(group.events, hidden)) {
        return Optional.of(
            sentence(dataSource, group.interval, group.events, hidden)
                + " run it again, or accept that with --accept-loss");
      }
    }
    return Optional.empty();
  }

  /**
   * Why a publication may not be rolled back, naming the stretch and the numbers; empty if it may.
   *
   * @param then the view without it
   * @param shown where it shows now
   */
  Optional<String> ofRollback(
      View then, String dataSource, List<TimelineObject<SegmentDescriptor>> shown) {
    List<Side> pieces =
        shown.stream().map(piece -> new Side(piece.interval(), shareOfEvents(piece))).toList();
    for (Group group : groups(pieces, then, dataSource)) {
      double left = group.otherEvents + liveEvents(then, dataSource, group.interval);
      if (isLoss(left, group.events)) {
        return Optional.of(
            sentence(dataSource, group.interval, left, group.events)
                + " accept that with --accept-loss, or publish a later run instead");
      }
    }
    return Optional.empty();
  }

  private boolean isLoss(double then, double now) {
    return then < now * (1 - fraction);
  }

  private String sentence(String dataSource, Interval interval, double then, double now) {
    return String.format(
        Locale.ROOT,
        "%s of '%s' would hold %d events where %d show now, which is %.1f%% less and more than the"
            + " %.1f%% that is accepted;",
        interval,
        dataSource,
        (long) then,
        (long) Math.ceil(now),
        100 * (now - then) / now,
        100 * fraction);
  }

  /** A stretch of a publication, and how many events it has there. */
  private record Side(Interval interval, double events) {}

  /** Neighbouring stretches that are compared together, and what the other view has there. */
  private static final class Group {
    private Interval interval;
    private double events;
    private double otherEvents;

    /** The end of what the other view shows so far; stretches before it belong to this group. */
    private long otherEndMillis;

    Group(Interval interval) {
      this.interval = interval;
    }
  }

  private static List<Group> groups(List<Side> sides, View other, String dataSource) {
    List<Group> groups = new ArrayList<>();
    Group group = null;
    for (Side side : sides) {
      Interval interval = side.interval;
      if (group == null || interval.startMillis() >= group.otherEndMillis) {
        group = new Group(interval);
        groups.add(group);
      }
      group.interval = new Interval(group.interval.startMillis(), interval.endMillis());
      group.events += side.events;
      for (TimelineObject<SegmentDescriptor> piece : other.lookup(dataSource, interval)) {
        group.otherEvents += shareOfEvents(piece);
        group.otherEndMillis = Math.max(group.otherEndMillis, piece.trueInterval().endMillis());
      }
    }
    return groups;
  }

  private static double shareOfEvents(TimelineObject<SegmentDescriptor> piece) {
    return events(piece.objects())
        * ((double) piece.interval().lengthMillis() / piece.trueInterval().lengthMillis());
  }

  private static long events(List<SegmentDescriptor> segments) {
    return segments.stream().mapToLong(SegmentDescriptor::eventCount).sum();
  }

  private long liveRowCount(View view, String dataSource, Interval interval) {
    return live(view, dataSource, interval, RowSet::rowCount);
  }

  private long liveEvents(View view, String dataSource, Interval interval) {
    return live(view, dataSource, interval, IndexedRows::eventCount);
  }

  private long live(
      View view, String dataSource, Interval interval, ToLongFunction<IndexedRows> measure) {
    LiveScan wanted = new LiveScan(dataSource, view.committedOffsets(dataSource), interval);
    try (HeldRows<LivePiece> held = live.hold(wanted)) {
      return held.pieces().stream()
          .filter(piece -> interval.contains(piece.bucket()))
          .filter(
              piece -> !view.visibleParts(dataSource, piece.bucket(), piece.version()).isEmpty())
          .mapToLong(piece -> measure.applyAsLong(piece.rows()))
          .sum();
    }
  }
}
