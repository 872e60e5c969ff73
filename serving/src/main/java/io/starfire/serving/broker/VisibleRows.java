package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.historical.SegmentServer;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.LiveRows;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All rows that one query has to read, open: every segment that the view shows in its intervals,
 * and every live piece that belongs to the view, each with the parts of time in which it shows. A
 * segment that nobody serves is an error, never left out. Used by one thread; what it holds may be
 * scanned by others until it is closed.
 */
final class VisibleRows implements AutoCloseable {
  private final List<Visible> all = new ArrayList<>();

  /**
   * An open row set.
   *
   * @param segment null for a live piece
   * @param server of the segment; null for a live piece
   * @param source open until the whole is closed
   */
  record Visible(@Nullable SegmentId segment, @Nullable SegmentServer server, RowSource source) {
    /** The exception that says what could not be read; has a damaged segment fetched again. */
    StarfireException failed(StarfireException e) {
      if (e.code() != ErrorCode.CORRUPT || segment == null || server == null) {
        return e;
      }
      server.reportDamage(segment);
      return new StarfireException(
          ErrorCode.CORRUPT,
          "segment %s cannot be read and is being fetched again: %s"
              .formatted(segment, e.getMessage()),
          e);
    }
  }

  private VisibleRows() {}

  static VisibleRows open(Query query, View view, List<SegmentServer> servers, LiveRows liveRows) {
    VisibleRows rows = new VisibleRows();
    boolean whole = false;
    try {
      rows.addSegments(query, view, servers);
      rows.addLivePieces(query, view, liveRows);
      whole = true;
      return rows;
    } finally {
      if (!whole) {
        rows.close();
      }
    }
  }

  private void addSegments(Query query, View view, List<SegmentServer> servers) {
    Map<SegmentDescriptor, List<Interval>> parts = new LinkedHashMap<>();
    for (Interval interval : query.intervals()) {
      for (TimelineObject<SegmentDescriptor> piece : view.lookup(query.dataSource(), interval)) {
        for (SegmentDescriptor segment : piece.objects()) {
          if (!segment.tombstone()) {
            parts.computeIfAbsent(segment, key -> new ArrayList<>()).add(piece.interval());
          }
        }
      }
    }
    parts.forEach((segment, shown) -> all.add(open(segment, shown, servers, view)));
  }

  private static Visible open(
      SegmentDescriptor segment, List<Interval> parts, List<SegmentServer> servers, View view) {
    SegmentId id = segment.id();
    for (SegmentServer server : servers) {
      Optional<? extends RowSet> rows = server.open(segment);
      if (rows.isPresent()) {
        return new Visible(
            id, server, new RowSource(id.toString(), id.interval(), rows.get(), parts));
      }
    }
    throw new StarfireException(
        ErrorCode.UNAVAILABLE,
        "segment %s shows in %s, but no server has it loaded; try again when it is"
            .formatted(id, view.name()));
  }

  /** One snapshot for the whole query, so that its intervals fit together. */
  private void addLivePieces(Query query, View view, LiveRows liveRows) {
    Interval span =
        new Interval(
            query.intervals().get(0).startMillis(),
            query.intervals().get(query.intervals().size() - 1).endMillis());
    Map<Integer, Long> committed = view.committedOffsets(query.dataSource());
    List<LivePiece> pieces = liveRows.snapshot(query.dataSource(), committed, span);
    int added = 0;
    try {
      for (LivePiece piece : pieces) {
        all.add(live(query.dataSource(), piece, view));
        added++;
      }
    } finally {
      // What was not added is closed by nobody else.
      pieces.subList(added, pieces.size()).forEach(LivePiece::close);
    }
  }

  private static Visible live(String dataSource, LivePiece piece, View view) {
    List<Interval> parts = view.visibleParts(dataSource, piece.bucket(), piece.version());
    String id = "%s_%s_%s_live".formatted(dataSource, piece.bucket(), piece.version());
    return new Visible(
        null, null, new RowSource(id.replace('/', '_'), piece.bucket(), piece.rows(), parts));
  }

  List<Visible> all() {
    return all;
  }

  List<RowSource> sources() {
    return all.stream().map(Visible::source).toList();
  }

  /** Those that have rows, and of which something shows in the intervals. */
  List<Visible> showingIn(List<Interval> intervals) {
    return all.stream()
        .filter(visible -> visible.source.rows().rowCount() > 0)
        .filter(visible -> overlap(visible.source.parts(), intervals))
        .toList();
  }

  private static boolean overlap(List<Interval> parts, List<Interval> intervals) {
    return parts.stream().anyMatch(part -> intervals.stream().anyMatch(part::overlaps));
  }

  /** As {@link Visible#failed}, for one of the {@link #sources}. */
  StarfireException failed(RowSource source, StarfireException e) {
    for (Visible visible : all) {
      if (visible.source.equals(source)) {
        return visible.failed(e);
      }
    }
    return e;
  }

  /** The columns of the schema, and of everything that was found. */
  Set<String> columns(DataSourceSchema schema) {
    Set<String> columns = new LinkedHashSet<>();
    columns.add(DataSourceSchema.TIME_COLUMN);
    schema.dimensions().forEach(dimension -> columns.add(dimension.name()));
    schema.metrics().forEach(metric -> columns.add(metric.name()));
    all.forEach(visible -> columns.addAll(visible.source.rows().columnNames()));
    return columns;
  }

  /** Those of the columns that are neither the time nor metrics. */
  Set<String> dimensions(DataSourceSchema schema) {
    Set<String> dimensions = columns(schema);
    dimensions.remove(DataSourceSchema.TIME_COLUMN);
    schema.metrics().forEach(metric -> dimensions.remove(metric.name()));
    return dimensions;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (Visible visible : all) {
      try {
        visible.source.rows().close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
