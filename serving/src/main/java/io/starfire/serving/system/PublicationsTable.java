package io.starfire.serving.system;

import io.starfire.common.Interval;
import io.starfire.protocol.PublicationStatus;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The publications, in all their states. Thread-safe. */
final class PublicationsTable implements SystemTable {
  private final Inventory inventory;

  PublicationsTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.STARFIRE;
  }

  @Override
  public String name() {
    return "publications";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("publication_id", Type.VARCHAR)
        .with("datasources", Type.VARCHAR)
        .with("version", Type.VARCHAR)
        .with("intervals", Type.VARCHAR)
        .with("state", Type.VARCHAR)
        .with("is_superseded", Type.BIGINT)
        .with("is_held", Type.BIGINT)
        .with("reason", Type.VARCHAR)
        .with("num_segments", Type.BIGINT)
        .with("num_loaded", Type.BIGINT)
        .with("registered_time", Type.TIMESTAMP)
        .nullable("activated_time", Type.TIMESTAMP)
        .nullable("view_number", Type.BIGINT)
        .nullable("rolled_back_time", Type.TIMESTAMP)
        .nullable("rolled_back_view_number", Type.BIGINT)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return inventory.publications().stream().map(PublicationsTable::row).iterator();
  }

  private static Object[] row(PublicationStatus publication) {
    return new Object[] {
      publication.id(),
      String.join(",", publication.dataSources()),
      publication.version(),
      publication.intervals().stream().map(Interval::toString).collect(Collectors.joining(",")),
      publication.state().name(),
      Columns.flag(publication.superseded()),
      Columns.flag(publication.held()),
      publication.reason(),
      (long) publication.segmentCount(),
      (long) publication.loadedCount(),
      publication.registeredAtMillis(),
      Columns.orNull(publication.activatedAtMillis()),
      Columns.orNull(publication.viewNumber()),
      Columns.orNull(publication.rolledBackAtMillis()),
      Columns.orNull(publication.rolledBackViewNumber())
    };
  }
}
