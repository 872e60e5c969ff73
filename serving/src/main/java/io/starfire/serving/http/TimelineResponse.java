package io.starfire.serving.http;

import io.starfire.common.Interval;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.List;

/**
 * {@code GET /starfire/v1/timeline/{dataSource}}: what shows of a data source, without live rows.
 *
 * @param dataSource its name
 * @param viewNumber of the view that this describes
 * @param pieces in order of time; empty buckets are there as tombstones
 */
public record TimelineResponse(String dataSource, long viewNumber, List<Piece> pieces) {
  /**
   * A stretch of time that one version answers for.
   *
   * @param interval where it shows
   * @param version of its segments
   * @param kind realtime, batch or tombstone
   * @param partitions their number
   * @param rows in all of its segments, after rollup, also where these reach beyond the interval
   * @param events in all of its segments, before rollup
   * @param segments their ids
   */
  public record Piece(
      Interval interval,
      String version,
      String kind,
      int partitions,
      long rows,
      long events,
      List<String> segments) {}

  static TimelineResponse of(View view, String dataSource, Interval interval) {
    return new TimelineResponse(
        dataSource,
        view.number(),
        view.lookup(dataSource, interval).stream().map(TimelineResponse::piece).toList());
  }

  private static Piece piece(TimelineObject<SegmentDescriptor> piece) {
    List<SegmentDescriptor> segments = piece.objects();
    return new Piece(
        piece.interval(),
        piece.version(),
        kind(segments.get(0)),
        segments.size(),
        segments.stream().mapToLong(SegmentDescriptor::rowCount).sum(),
        segments.stream().mapToLong(SegmentDescriptor::eventCount).sum(),
        segments.stream().map(segment -> segment.id().toString()).toList());
  }

  /** Batch sets always have a core; real-time ones only grow. */
  static String kind(SegmentDescriptor segment) {
    if (segment.tombstone()) {
      return "tombstone";
    }
    return segment.corePartitions() == 0 ? "realtime" : "batch";
  }
}
