package io.starfire.serving.system;

import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.sql.SystemTable;
import java.util.List;

/** The list of the system tables: a new one is a class and a line here. */
public final class SystemTables {
  private SystemTables() {}

  /** All of them. */
  public static List<SystemTable> of(Inventory inventory) {
    return List.of(
        new SchemataTable(),
        new TablesTable(),
        new ColumnsTable(),
        new RoutinesTable(),
        new SegmentsTable(inventory),
        new ServersTable(inventory),
        new ServerSegmentsTable(inventory),
        new TasksTable(inventory),
        new SupervisorsTable(inventory),
        new PublicationsTable(inventory),
        new TimelineTable(inventory),
        new PipelinesTable(inventory),
        new DeadLettersTable(inventory));
  }
}
