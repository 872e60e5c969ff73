package io.starfire.serving.system;

import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.realtime.RealtimeStatus;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How many records went to the dead-letter topic, by data source and reason, since this process was
 * started. Thread-safe.
 */
final class DeadLettersTable implements SystemTable {
  private final Inventory inventory;

  DeadLettersTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.STARFIRE;
  }

  @Override
  public String name() {
    return "dead_letters";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("datasource", Type.VARCHAR)
        .with("topic", Type.VARCHAR)
        .with("reason", Type.VARCHAR)
        .with("num_records", Type.BIGINT)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return inventory.readings().stream().flatMap(DeadLettersTable::rows).iterator();
  }

  private static Stream<Object[]> rows(RealtimeStatus reading) {
    return reading.rowsRejected().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry ->
                new Object[] {
                  reading.dataSource(), reading.topic(), entry.getKey().name(), entry.getValue()
                });
  }
}
