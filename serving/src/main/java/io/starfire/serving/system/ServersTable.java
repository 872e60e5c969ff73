package io.starfire.serving.system;

import io.starfire.common.Times;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.inventory.ServerEntry;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;

/** The roles of the server, as Druid lists servers. Thread-safe. */
final class ServersTable implements SystemTable {
  private final Inventory inventory;

  ServersTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.SYS;
  }

  @Override
  public String name() {
    return "servers";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("server", Type.VARCHAR)
        .with("host", Type.VARCHAR)
        .with("plaintext_port", Type.BIGINT)
        .with("tls_port", Type.BIGINT)
        .with("server_type", Type.VARCHAR)
        .nullable("tier", Type.VARCHAR)
        .with("curr_size", Type.BIGINT)
        .with("max_size", Type.BIGINT)
        .nullable("is_leader", Type.BIGINT)
        .with("start_time", Type.VARCHAR)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return inventory.servers().stream().map(ServersTable::row).iterator();
  }

  private static Object[] row(ServerEntry server) {
    return new Object[] {
      server.name(),
      server.host(),
      (long) server.port(),
      -1L,
      server.type(),
      server.tier(),
      server.usedBytes(),
      server.maxBytes(),
      server.leader() == null ? null : Columns.flag(server.leader()),
      Times.format(server.startedMillis())
    };
  }
}
