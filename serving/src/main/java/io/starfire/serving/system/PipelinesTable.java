package io.starfire.serving.system;

import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.realtime.PartitionStatus;
import io.starfire.serving.realtime.RealtimeStatus;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import io.starfire.serving.supervisor.SupervisorStatus;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What this server reads from topics, a row for each data source. Thread-safe. */
final class PipelinesTable implements SystemTable {
  private final Inventory inventory;

  PipelinesTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.STARFIRE;
  }

  @Override
  public String name() {
    return "pipelines";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("datasource", Type.VARCHAR)
        .with("topic", Type.VARCHAR)
        .with("fed_by", Type.VARCHAR)
        .with("state", Type.VARCHAR)
        .with("detail", Type.VARCHAR)
        .nullable("stands_still_since", Type.TIMESTAMP)
        .with("num_partitions", Type.BIGINT)
        .nullable("lag", Type.BIGINT)
        .with("rows_indexed", Type.BIGINT)
        .with("rows_rejected", Type.BIGINT)
        .with("heap_bytes", Type.BIGINT)
        .nullable("last_error", Type.VARCHAR)
        .nullable("last_error_time", Type.TIMESTAMP)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    Set<String> supervised =
        inventory.supervisors().stream().map(SupervisorStatus::id).collect(Collectors.toSet());
    return inventory.readings().stream()
        .map(reading -> row(reading, supervised.contains(reading.dataSource())))
        .iterator();
  }

  private static Object[] row(RealtimeStatus reading, boolean supervised) {
    return new Object[] {
      reading.dataSource(),
      reading.topic(),
      supervised ? "supervisor" : "stream",
      reading.state().name(),
      reading.detail(),
      reading.standsStillSince().map(Instant::toEpochMilli).orElse(null),
      (long) reading.partitions().size(),
      lag(reading.partitions()),
      reading.rowsIndexed(),
      reading.rowsRejected().values().stream().mapToLong(Long::longValue).sum(),
      reading.heapBytes(),
      reading.lastError().orElse(null),
      reading.lastErrorAt().map(Instant::toEpochMilli).orElse(null)
    };
  }

  /** Of all partitions; null if that of one is not known. */
  private static Long lag(List<PartitionStatus> partitions) {
    return partitions.stream().allMatch(partition -> partition.lag().isPresent())
        ? (Long) partitions.stream().mapToLong(one -> one.lag().getAsLong()).sum()
        : null;
  }
}
