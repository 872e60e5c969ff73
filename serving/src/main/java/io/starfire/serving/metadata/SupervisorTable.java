package io.starfire.serving.metadata;

import io.starfire.protocol.cluster.SupervisorRow;
import java.util.Comparator;
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
        .createQuery("select id, spec_json, state, posted_at_millis from supervisor")
        .map(
            (row, context) ->
                new SupervisorRow(
                    row.getString(1),
                    row.getString(2),
                    SupervisorRow.State.valueOf(row.getString(3)),
                    row.getLong(4)))
        .stream()
        .sorted(Comparator.comparing(SupervisorRow::id))
        .toList();
  }

  /** Stores a supervisor in the place of the one that has its id, if there is one. */
  public void put(SupervisorRow row) {
    Upsert.put(
        handle,
        "update supervisor set spec_json = :spec, state = :state, posted_at_millis = :postedAt"
            + " where id = :id",
        "insert into supervisor (id, spec_json, state, posted_at_millis)"
            + " values (:id, :spec, :state, :postedAt)",
        statement ->
            statement
                .bind("id", row.id())
                .bind("spec", row.specJson())
                .bind("state", row.state().name())
                .bind("postedAt", row.postedAtMillis()));
  }

  public void remove(String id) {
    handle.createUpdate("delete from supervisor where id = :id").bind("id", id).execute();
  }
}
