package io.starfire.serving.metadata;

import io.starfire.common.Interval;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Segments of publications, and committed real-time segments. */
public final class SegmentTable {
  private static final String SELECT =
      "select s.data_source, s.start_millis, s.end_millis, s.version, s.partition_number,"
          + " s.core_partitions, s.tombstone, s.path, s.size_bytes, s.row_count, s.event_count"
          + " from segment s ";

  private static final String IN_VIEWS =
      "left join publication p on p.id = s.publication_id"
          + " where ((s.publication_id is null and s.withdrawn_at_millis = 0)"
          + " or p.state = 'ACTIVE')";

  private final Handle handle;

  SegmentTable(Handle handle) {
    this.handle = handle;
  }

  /** What views are made of: segments of active publications and committed real-time ones. */
  public List<SegmentDescriptor> inViews() {
    return handle
        .createQuery(
            SELECT
                + IN_VIEWS
                + " order by s.data_source, s.start_millis, s.version, s.partition_number")
        .map(SegmentTable::row)
        .list();
  }

  /** Those of {@link #inViews()} that are of one data source. */
  public List<SegmentDescriptor> inViews(String dataSource) {
    return handle
        .createQuery(
            SELECT
                + IN_VIEWS
                + " and s.data_source = :dataSource"
                + " order by s.start_millis, s.version, s.partition_number")
        .bind("dataSource", dataSource)
        .map(SegmentTable::row)
        .list();
  }

  /** Those of one publication, tombstones too. */
  public List<SegmentDescriptor> ofPublication(String publicationId) {
    return handle
        .createQuery(
            SELECT
                + "where s.publication_id = :id"
                + " order by s.data_source, s.start_millis, s.version, s.partition_number")
        .bind("id", publicationId)
        .map(SegmentTable::row)
        .list();
  }

  /** Those of one data source in a publication, tombstones too. */
  public List<SegmentDescriptor> ofPublication(String publicationId, String dataSource) {
    return ofPublication(publicationId).stream()
        .filter(segment -> segment.id().dataSource().equals(dataSource))
        .toList();
  }

  /** Whether the data source has a committed real-time segment. */
  public boolean hasRealtime(String dataSource) {
    return handle
            .createQuery(
                "select count(*) from segment"
                    + " where data_source = :dataSource and publication_id is null"
                    + " and withdrawn_at_millis = 0")
            .bind("dataSource", dataSource)
            .mapTo(Long.class)
            .one()
            .compareTo(0L)
        > 0;
  }

  /** How many segments, and how many events they hold. */
  public record Totals(long segments, long events) {}

  /** Of the committed real-time segments that are in views. */
  public Totals realtimeTotals(String dataSource) {
    return handle
        .createQuery(
            "select count(*), coalesce(sum(event_count), 0) from segment"
                + " where data_source = :dataSource and publication_id is null"
                + " and withdrawn_at_millis = 0")
        .bind("dataSource", dataSource)
        .map((row, context) -> new Totals(row.getLong(1), row.getLong(2)))
        .one();
  }

  /** Takes all committed real-time segments of a data source out of the views to come. */
  public Totals withdrawRealtime(String dataSource, long nowMillis) {
    Totals totals = realtimeTotals(dataSource);
    handle
        .createUpdate(
            "update segment set withdrawn_at_millis = :now"
                + " where data_source = :dataSource and publication_id is null"
                + " and withdrawn_at_millis = 0")
        .bind("now", nowMillis)
        .bind("dataSource", dataSource)
        .execute();
    return totals;
  }

  /** The smallest partition number not used yet in that interval and version. */
  public int nextPartition(String dataSource, Interval interval, String version) {
    return handle
        .createQuery(
            "select coalesce(max(partition_number) + 1, 0) from segment where data_source ="
                + " :dataSource and start_millis = :start and end_millis = :end"
                + " and version = :version")
        .bind("dataSource", dataSource)
        .bind("start", interval.startMillis())
        .bind("end", interval.endMillis())
        .bind("version", version)
        .mapTo(Integer.class)
        .one();
  }

  /** Stores a segment; the publication id is null for a committed real-time segment. */
  public void add(SegmentDescriptor segment, @Nullable String publicationId) {
    SegmentId id = segment.id();
    handle
        .createUpdate(
            "insert into segment (id, data_source, start_millis, end_millis, version,"
                + " partition_number, core_partitions, tombstone, path, size_bytes, row_count,"
                + " event_count, publication_id) values (:id, :dataSource, :start, :end, :version,"
                + " :partition, :core, :tombstone, :path, :size, :rows, :events, :publication)")
        .bind("id", id.toString())
        .bind("dataSource", id.dataSource())
        .bind("start", id.interval().startMillis())
        .bind("end", id.interval().endMillis())
        .bind("version", id.version())
        .bind("partition", id.partition())
        .bind("core", segment.corePartitions())
        .bind("tombstone", segment.tombstone())
        .bind("path", segment.path())
        .bind("size", segment.sizeBytes())
        .bind("rows", segment.rowCount())
        .bind("events", segment.eventCount())
        .bind("publication", publicationId)
        .execute();
  }

  private static SegmentDescriptor row(ResultSet row, StatementContext context)
      throws SQLException {
    SegmentId id =
        new SegmentId(
            row.getString("data_source"),
            new Interval(row.getLong("start_millis"), row.getLong("end_millis")),
            row.getString("version"),
            row.getInt("partition_number"));
    return new SegmentDescriptor(
        id,
        row.getInt("core_partitions"),
        row.getBoolean("tombstone"),
        row.getString("path"),
        row.getLong("size_bytes"),
        row.getLong("row_count"),
        row.getLong("event_count"));
  }
}
