package io.starfire.serving.metadata;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Supervisors, by the name of their data source. */
public final class SupervisorTable {
  private final Handle handle;

  SupervisorTable(Handle handle) {
    this.handle = handle;
  }

  public Optional<SupervisorRow> find(String id) {
    return all().stream().filter(row -> row.id().equals(id)).findFirst();
  }

  /** All of them, ordered by id. */
  public List<SupervisorRow> all() {
    return handle
        .createQuery("select id, spec_json, state, posted_at_millis from supervisor order by id")
        .map(
            (row, context) ->
                new SupervisorRow(
                    row.getString(1),
                    row.getString(2),
                    SupervisorRow.State.valueOf(row.getString(3)),
                    row.getLong(4)))
        .list();
  }

  /** Stores a supervisor in the place of the one that has its id, if there is one. */
  public void put(SupervisorRow row) {
    handle
        .createUpdate(
            "merge into supervisor (id, spec_json, state, posted_at_millis)"
                + " key (id) values (:id, :spec, :state, :postedAt)")
        .bind("id", row.id())
        .bind("spec", row.specJson())
        .bind("state", row.state().name())
        .bind("postedAt", row.postedAtMillis())
        .execute();
  }

  public void remove(String id) {
    handle.createUpdate("delete from supervisor where id = :id").bind("id", id).execute();
  }
}
