package io.starfire.serving.system;

import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;

/**
 * Which server has which segment: the historical the published ones, the real-time node live rows.
 * Thread-safe.
 */
final class ServerSegmentsTable implements SystemTable {
  private final Inventory inventory;

  ServerSegmentsTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.SYS;
  }

  @Override
  public String name() {
    return "server_segments";
  }

  @Override
  public List<Column> columns() {
    return new Columns().with("server", Type.VARCHAR).with("segment_id", Type.VARCHAR).list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return inventory.segments().stream()
        .filter(segment -> segment.available() && !segment.tombstone())
        .map(segment -> new Object[] {inventory.place().name(), segment.id()})
        .iterator();
  }
}
