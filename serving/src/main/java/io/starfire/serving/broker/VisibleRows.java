package io.starfire.serving.broker;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.protocol.cluster.SegmentPart;
import io.starfire.protocol.cluster.SegmentScan;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.OpenSegment;
import io.starfire.serving.role.SegmentNode;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
   * @param node that serves the segment; null for a live piece
   * @param source open until the whole is closed
   */
  record Visible(@Nullable SegmentId segment, @Nullable SegmentNode node, RowSource source) {
    /** The exception that says what could not be read; has a damaged segment fetched again. */
    StarfireException failed(StarfireException e) {
      if (e.code() != ErrorCode.CORRUPT || segment == null || node == null) {
        return e;
      }
      node.reportDamage(segment);
      return new StarfireException(
          ErrorCode.CORRUPT,
          "segment %s cannot be read and is being fetched again: %s"
              .formatted(segment, e.getMessage()),
          e);
    }
  }

  private VisibleRows() {}

  static VisibleRows open(Query query, View view, List<SegmentNode> nodes, LiveNode live) {
    VisibleRows rows = new VisibleRows();
    boolean whole = false;
    try {
      rows.addSegments(query, view, nodes);
      rows.addLivePieces(query, view, live);
      whole = true;
      return rows;
    } finally {
      if (!whole) {
        rows.close();
      }
    }
  }

  /** One request to each node, for all that the nodes before it do not have. */
  private void addSegments(Query query, View view, List<SegmentNode> nodes) {
    Map<SegmentId, SegmentPart> wanted = parts(query, view);
    Map<SegmentId, Visible> found = new HashMap<>();
    try {
      for (SegmentNode node : nodes) {
        List<SegmentPart> missing =
            wanted.values().stream()
                .filter(part -> !found.containsKey(part.segment().id()))
                .toList();
        if (missing.isEmpty()) {
          break;
        }
        for (OpenSegment opened : node.scan(new SegmentScan(query.dataSource(), missing))) {
          SegmentPart part =
              requireNonNull(wanted.get(opened.id()), "a segment that was asked for");
          found.put(opened.id(), visible(part, node, opened));
        }
      }
    } finally {
      // In the order of the view. What is found is closed with the others, whatever happens.
      wanted.keySet().stream().filter(found::containsKey).map(found::get).forEach(all::add);
    }
    for (SegmentId segment : wanted.keySet()) {
      if (!found.containsKey(segment)) {
        throw new StarfireException(
            ErrorCode.UNAVAILABLE,
            "segment %s shows in %s, but no server has it loaded; try again when it is"
                .formatted(segment, view.name()));
      }
    }
  }

  private static Visible visible(SegmentPart part, SegmentNode node, OpenSegment opened) {
    SegmentId id = opened.id();
    return new Visible(
        id, node, new RowSource(id.toString(), id.interval(), opened.rows(), part.parts()));
  }

  /** What shows, each segment with all parts of time in which it does. */
  private static Map<SegmentId, SegmentPart> parts(Query query, View view) {
    Map<SegmentDescriptor, List<Interval>> intervals = new LinkedHashMap<>();
    for (Interval interval : query.intervals()) {
      for (TimelineObject<SegmentDescriptor> piece : view.lookup(query.dataSource(), interval)) {
        for (SegmentDescriptor segment : piece.objects()) {
          if (!segment.tombstone()) {
            intervals.computeIfAbsent(segment, key -> new ArrayList<>()).add(piece.interval());
          }
        }
      }
    }
    Map<SegmentId, SegmentPart> parts = new LinkedHashMap<>();
    intervals.forEach((segment, shown) -> parts.put(segment.id(), new SegmentPart(segment, shown)));
    return parts;
  }

  /** One snapshot for the whole query, so that its intervals fit together. */
  private void addLivePieces(Query query, View view, LiveNode live) {
    Interval span =
        new Interval(
            query.intervals().get(0).startMillis(),
            query.intervals().get(query.intervals().size() - 1).endMillis());
    Map<Integer, Long> committed = view.committedOffsets(query.dataSource());
    List<LivePiece> pieces = live.scan(new LiveScan(query.dataSource(), committed, span));
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
