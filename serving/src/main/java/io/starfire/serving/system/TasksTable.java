package io.starfire.serving.system;

import io.starfire.common.Times;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.inventory.TaskEntry;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;

/** Publications, and what supervisors read, as Druid lists tasks. Thread-safe. */
final class TasksTable implements SystemTable {
  private final Inventory inventory;

  TasksTable(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public String schema() {
    return Catalog.SYS;
  }

  @Override
  public String name() {
    return "tasks";
  }

  @Override
  public List<Column> columns() {
    return new Columns()
        .with("task_id", Type.VARCHAR)
        .with("group_id", Type.VARCHAR)
        .with("type", Type.VARCHAR)
        .with("datasource", Type.VARCHAR)
        .with("created_time", Type.VARCHAR)
        .with("queue_insertion_time", Type.VARCHAR)
        .with("status", Type.VARCHAR)
        .with("runner_status", Type.VARCHAR)
        .with("duration", Type.BIGINT)
        .with("location", Type.VARCHAR)
        .with("host", Type.VARCHAR)
        .with("plaintext_port", Type.BIGINT)
        .with("tls_port", Type.BIGINT)
        .nullable("error_msg", Type.VARCHAR)
        .list();
  }

  @Override
  public Iterator<Object[]> rows(SqlSession session) {
    return inventory.tasks().stream().map(this::row).iterator();
  }

  private Object[] row(TaskEntry task) {
    return new Object[] {
      task.id(),
      task.id(),
      task.type(),
      task.dataSource(),
      Times.format(task.createdMillis()),
      Times.format(task.createdMillis()),
      task.status(),
      task.runnerStatus(),
      task.durationMillis(),
      inventory.place().name(),
      inventory.place().host(),
      (long) inventory.place().port().getAsInt(),
      -1L,
      task.problem()
    };
  }
}
