package io.starfire.batch;

import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run published, and its state. Immutable.
 *
 * @param publicationId of the publication
 * @param version of its segments
 * @param state STAGED, ACTIVE, ABORTED or ROLLED_BACK, as last seen
 * @param reason why it is not active, in a sentence; empty if it is
 * @param dataSources what is published of each
 */
public record Published(
    String publicationId,
    String version,
    State state,
    String reason,
    List<OfDataSource> dataSources) {
  /**
   * What is published of one data source.
   *
   * @param dataSource that was written
   * @param segments with a file
   * @param tombstones buckets without events
   * @param rows stored, after rollup
   * @param events before rollup
   * @param sizeBytes of all files
   */
  public record OfDataSource(
      String dataSource, int segments, int tombstones, long rows, long events, long sizeBytes) {
    private static OfDataSource of(String dataSource, List<SegmentDescriptor> segments) {
      int tombstones = (int) segments.stream().filter(SegmentDescriptor::tombstone).count();
      return new OfDataSource(
          dataSource,
          segments.size() - tombstones,
          tombstones,
          segments.stream().mapToLong(SegmentDescriptor::rowCount).sum(),
          segments.stream().mapToLong(SegmentDescriptor::eventCount).sum(),
          segments.stream().mapToLong(SegmentDescriptor::sizeBytes).sum());
    }
  }

  public static Published of(PublicationRequest request, State state, String reason) {
    return new Published(
        request.id(),
        request.version(),
        state,
        reason,
        request.dataSources().stream()
            .map(name -> OfDataSource.of(name, request.segmentsOf(name)))
            .toList());
  }

  /** Whether it is active, or staged because the run holds it. */
  public boolean isAsWanted(boolean hold) {
    return state == State.ACTIVE || (hold && state == State.STAGED);
  }

  /** The text for the user, as lines. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (OfDataSource each : dataSources) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s version %s: %d segments, %d empty buckets, %,d rows of %,d events, %,d bytes",
              each.dataSource,
              version,
              each.segments,
              each.tombstones,
              each.rows,
              each.events,
              each.sizeBytes));
    }
    lines.add(
        "publication %s is %s%s"
            .formatted(publicationId, state, reason.isEmpty() ? "" : ": " + reason));
    return lines;
  }
}
