package io.starfire.serving.system;

import io.starfire.common.Json;
import io.starfire.common.Times;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.inventory.SegmentEntry;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;

/**
 * Segments that show or are hidden, and live rows by bucket; with the columns of Druid.
 * Thread-safe.
 */
final class SegmentsTable implements SystemTable {
  private final Inventory inventory;

  SegmentsTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.SYS;
  }

  @Override
  public String name() {
    return "segments";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("segment_id", Type.VARCHAR)
        .with("datasource", Type.VARCHAR)
        .with("start", Type.VARCHAR)
        .with("end", Type.VARCHAR)
        .with("size", Type.BIGINT)
        .with("version", Type.VARCHAR)
        .with("partition_num", Type.BIGINT)
        .with("num_replicas", Type.BIGINT)
        .with("num_rows", Type.BIGINT)
        .with("is_active", Type.BIGINT)
        .with("is_published", Type.BIGINT)
        .with("is_available", Type.BIGINT)
        .with("is_realtime", Type.BIGINT)
        .with("is_overshadowed", Type.BIGINT)
        .nullable("shard_spec", Type.VARCHAR)
        .nullable("dimensions", Type.VARCHAR)
        .nullable("metrics", Type.VARCHAR)
        .nullable("last_compaction_state", Type.VARCHAR)
        .with("replication_factor", Type.BIGINT)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return inventory.segments().stream().map(SegmentsTable::row).iterator();
  }

  private static Object[] row(SegmentEntry segment) {
    return new Object[] {
      segment.id(),
      segment.dataSource(),
      Times.format(segment.interval().startMillis()),
      Times.format(segment.interval().endMillis()),
      segment.sizeBytes(),
      segment.version(),
      (long) segment.partition(),
      Columns.flag(segment.available()),
      segment.rows(),
      Columns.flag(segment.active()),
      Columns.flag(segment.published()),
      Columns.flag(segment.available()),
      Columns.flag(segment.realtime()),
      Columns.flag(segment.published() && !segment.active()),
      Json.write(segment.shardSpec()),
      Json.write(segment.dimensions()),
      Json.write(segment.metrics()),
      null,
      segment.published() ? 1L : 0L
    };
  }
}
