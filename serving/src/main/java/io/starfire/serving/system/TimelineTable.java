package io.starfire.serving.system;

import io.starfire.common.Interval;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.inventory.SegmentEntry;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which version answers for which time: the pieces that show, then what they hide, then live rows.
 * Thread-safe.
 */
final class TimelineTable implements SystemTable {
  private final Inventory inventory;

  TimelineTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.STARFIRE;
  }

  @Override
  public String name() {
    return "timeline";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("datasource", Type.VARCHAR)
        .with("start", Type.TIMESTAMP)
        .with("end", Type.TIMESTAMP)
        .with("version", Type.VARCHAR)
        .with("kind", Type.VARCHAR)
        .with("is_visible", Type.BIGINT)
        .with("num_segments", Type.BIGINT)
        .with("num_rows", Type.BIGINT)
        .with("size", Type.BIGINT)
        .with("view_number", Type.BIGINT)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    View view = inventory.view();
    List<Object[]> rows = new ArrayList<>();
    for (String dataSource : view.dataSources()) {
      for (TimelineObject<SegmentDescriptor> piece : view.lookup(dataSource, Interval.ETERNITY)) {
        rows.add(showing(dataSource, piece, view.number()));
      }
    }
    Map<List<Object>, List<SegmentEntry>> others = new LinkedHashMap<>();
    for (SegmentEntry segment : inventory.segments()) {
      if (segment.realtime() || !segment.active()) {
        List<Object> place =
            List.of(segment.dataSource(), segment.interval(), segment.version(), kind(segment));
        others.computeIfAbsent(place, unused -> new ArrayList<>()).add(segment);
      }
    }
    others.values().forEach(segments -> rows.add(other(segments, view.number())));
    return rows.iterator();
  }

  private static Object[] showing(
      String dataSource, TimelineObject<SegmentDescriptor> piece, long viewNumber) {
    List<SegmentDescriptor> segments = piece.objects();
    SegmentDescriptor one = segments.get(0);
    return new Object[] {
      dataSource,
      piece.interval().startMillis(),
      piece.interval().endMillis(),
      piece.version(),
      kind(one.tombstone(), one.corePartitions()),
      1L,
      (long) segments.size(),
      segments.stream().mapToLong(SegmentDescriptor::rowCount).sum(),
      segments.stream().mapToLong(SegmentDescriptor::sizeBytes).sum(),
      viewNumber
    };
  }

  private static Object[] other(List<SegmentEntry> segments, long viewNumber) {
    SegmentEntry one = segments.get(0);
    return new Object[] {
      one.dataSource(),
      one.interval().startMillis(),
      one.interval().endMillis(),
      one.version(),
      kind(one),
      Columns.flag(one.active()),
      (long) segments.size(),
      segments.stream().mapToLong(SegmentEntry::rows).sum(),
      segments.stream().mapToLong(SegmentEntry::sizeBytes).sum(),
      viewNumber
    };
  }

  private static String kind(SegmentEntry segment) {
    return segment.realtime() ? "live" : kind(segment.tombstone(), segment.corePartitions());
  }

  /** Batch sets always have a core; real-time ones only grow. */
  private static String kind(boolean tombstone, int corePartitions) {
    if (tombstone) {
      return "tombstone";
    }
    return corePartitions == 0 ? "realtime" : "batch";
  }
}
