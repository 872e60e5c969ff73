package io.starfire.serving.system;

import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import io.starfire.serving.supervisor.ShownSpec;
import io.starfire.serving.supervisor.SupervisorStatus;
import java.util.Iterator;
import java.util.List;

/** The supervisors, with the columns of Druid. Thread-safe. */
final class SupervisorsTable implements SystemTable {
  private final Inventory inventory;

  SupervisorsTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.SYS;
  }

  @Override
  public String name() {
    return "supervisors";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("supervisor_id", Type.VARCHAR)
        .with("state", Type.VARCHAR)
        .with("detailed_state", Type.VARCHAR)
        .with("healthy", Type.BIGINT)
        .with("type", Type.VARCHAR)
        .nullable("source", Type.VARCHAR)
        .with("suspended", Type.BIGINT)
        .with("spec", Type.VARCHAR)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return inventory.supervisors().stream().map(SupervisorsTable::row).iterator();
  }

  private static Object[] row(SupervisorStatus supervisor) {
    return new Object[] {
      supervisor.id(),
      supervisor.state(),
      supervisor.detailedState(),
      Columns.flag(supervisor.healthy()),
      "kafka",
      supervisor.topic().orElse(null),
      Columns.flag(supervisor.suspended()),
      ShownSpec.of(supervisor).toString()
    };
  }
}
