package io.starfire.serving.broker;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.protocol.cluster.SegmentPart;
import io.starfire.protocol.cluster.SegmentScan;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.run.ParallelScan;
import io.starfire.serving.query.run.QueryRun;
import io.starfire.serving.query.scan.ScanColumn;
import io.starfire.serving.query.source.QueryRows;
import io.starfire.serving.role.HeldPiece;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.NodeScan;
import io.starfire.serving.role.OpenSegment;
import io.starfire.serving.role.SegmentNode;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a table that one query has to read, held by the nodes that have them: every segment
 * that the view shows in its intervals, and every live piece that belongs to the view, each with
 * the parts of time in which it shows. A segment that nobody serves is an error, never left out.
 * Used by one thread; what it holds may be scanned by others until it is closed.
 */
final class VisibleRows implements QueryRows {
  private final String table;
  private final DataSourceSchema schema;
  private final List<OfNode<?>> nodes = new ArrayList<>();
  private @Nullable Map<String, ColumnType> columns;

  /** What one node holds, and where each of its pieces shows. */
  private static final class OfNode<P extends HeldPiece> {
    private final HeldRows<P> held;
    private final List<List<Interval>> clips = new ArrayList<>();

    OfNode(HeldRows<P> held) {
      this.held = held;
    }

    /** What was not clipped does not show. */
    List<Visible> visible() {
      List<Visible> visible = new ArrayList<>();
      for (int i = 0; i < clips.size(); i++) {
        P piece = held.pieces().get(i);
        visible.add(new Visible(piece.source(clips.get(i)), e -> held.failed(piece, e)));
      }
      return visible;
    }
  }

  private VisibleRows(DataSourceSchema schema) {
    this.table = schema.name();
    this.schema = schema;
  }

  /**
   * Opens the rows of a table.
   *
   * @param intervals in order, not overlapping
   * @throws StarfireException with NOT_FOUND if the view has no such table; UNAVAILABLE if no
   *     server has a visible segment
   */
  static VisibleRows open(
      String table, List<Interval> intervals, View view, List<SegmentNode> nodes, LiveNode live) {
    VisibleRows rows = new VisibleRows(view.registration(table).schema());
    boolean whole = false;
    try {
      rows.addSegments(intervals, view, nodes);
      rows.addLivePieces(intervals, view, live);
      whole = true;
      return rows;
    } finally {
      if (!whole) {
        rows.close();
      }
    }
  }

  private <P extends HeldPiece> OfNode<P> add(HeldRows<P> held) {
    OfNode<P> ofNode = new OfNode<>(held);
    nodes.add(ofNode);
    return ofNode;
  }

  /** One request to each node, for all that the nodes before it do not have. */
  private void addSegments(List<Interval> asked, View view, List<SegmentNode> segmentNodes) {
    Map<SegmentId, SegmentPart> missing = parts(asked, view);
    for (SegmentNode node : segmentNodes) {
      if (missing.isEmpty()) {
        break;
      }
      SegmentScan wanted = new SegmentScan(table, List.copyOf(missing.values()));
      OfNode<OpenSegment> found = add(node.hold(wanted));
      for (OpenSegment segment : found.held.pieces()) {
        SegmentPart part =
            requireNonNull(missing.remove(segment.id()), "a segment that was asked for");
        found.clips.add(part.parts());
      }
    }
    if (!missing.isEmpty()) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "segment %s shows in %s, but no server has it loaded; try again when it is"
              .formatted(missing.keySet().iterator().next(), view.name()));
    }
  }

  /** What shows, each segment with all parts of time in which it does. */
  private Map<SegmentId, SegmentPart> parts(List<Interval> asked, View view) {
    Map<SegmentDescriptor, List<Interval>> intervals = new LinkedHashMap<>();
    for (Interval interval : asked) {
      for (TimelineObject<SegmentDescriptor> piece : view.lookup(table, interval)) {
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
  private void addLivePieces(List<Interval> asked, View view, LiveNode live) {
    Interval span =
        new Interval(asked.get(0).startMillis(), asked.get(asked.size() - 1).endMillis());
    Map<Integer, Long> committed = view.committedOffsets(table);
    OfNode<LivePiece> found = add(live.hold(new LiveScan(table, committed, span)));
    for (LivePiece piece : found.held.pieces()) {
      found.clips.add(view.visibleParts(table, piece.bucket(), piece.version()));
    }
  }

  /**
   * One partial result over all rows: each node gives one, and these are merged.
   *
   * @throws StarfireException as {@link HeldRows#scan}
   */
  @Override
  public Partial scan(AggregateQuery query, boolean alone, QueryRun run) {
    List<OfNode<?>> asked = nodes.stream().filter(node -> !node.clips.isEmpty()).toList();
    List<Partial> partials = new ArrayList<>();
    for (OfNode<?> node : asked) {
      partials.add(
          node.held.scan(new NodeScan(query, node.clips, alone && asked.size() == 1), run));
    }
    return partials.size() == 1 ? partials.get(0) : ParallelScan.merge(query, partials, alone, run);
  }

  @Override
  public List<Visible> all() {
    List<Visible> all = new ArrayList<>();
    nodes.forEach(node -> all.addAll(node.visible()));
    return all;
  }

  DataSourceSchema schema() {
    return schema;
  }

  /** Whether any row may come and go. */
  boolean hasLiveRows() {
    return nodes.stream()
        .flatMap(node -> node.held.pieces().stream())
        .anyMatch(piece -> !piece.isImmutable() && piece.rows().rowCount() > 0);
  }

  /** Of the row sets that never change, by name, the parts in which they show. */
  Map<String, List<Interval>> immutableParts() {
    Map<String, List<Interval>> parts = new LinkedHashMap<>();
    for (OfNode<?> node : nodes) {
      for (int i = 0; i < node.clips.size(); i++) {
        HeldPiece piece = node.held.pieces().get(i);
        if (piece.isImmutable()) {
          parts.put(piece.source(node.clips.get(i)).id(), node.clips.get(i));
        }
      }
    }
    return parts;
  }

  /** The columns of the schema, and of everything that was found. */
  @Override
  public Map<String, ColumnType> columns() {
    if (columns == null) {
      Map<String, ColumnType> found = new LinkedHashMap<>();
      found.put(DataSourceSchema.TIME_COLUMN, ColumnType.LONG);
      schema.dimensions().forEach(dimension -> found.put(dimension.name(), dimension.type()));
      schema.metrics().forEach(metric -> found.put(metric.name(), metric.aggregation().type()));
      for (Visible visible : all()) {
        RowSet rows = visible.source().rows();
        for (String name : rows.columnNames()) {
          found.computeIfAbsent(name, unused -> ScanColumn.typeOf(rows.column(name)));
        }
      }
      columns = found;
    }
    return columns;
  }

  /** Those of the columns that are neither the time nor metrics. */
  @Override
  public Set<String> dimensions() {
    Set<String> dimensions = QueryRows.withoutTime(columns());
    schema.metrics().forEach(metric -> dimensions.remove(metric.name()));
    return dimensions;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (OfNode<?> node : nodes) {
      try {
        node.held.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
