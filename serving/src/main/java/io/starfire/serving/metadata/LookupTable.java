package io.starfire.serving.metadata;

import io.starfire.common.Json;
import io.starfire.protocol.cluster.RegisteredLookup;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Lookups by name. */
public final class LookupTable {
  private final Handle handle;

  LookupTable(Handle handle) {
    this.handle = handle;
  }

  /** All of them, ordered by name. */
  public List<RegisteredLookup> all() {
    return handle
        .createQuery("select lookup_json from registered_lookup")
        .mapTo(String.class)
        .map(json -> Json.read(json, RegisteredLookup.class, "a lookup in the metadata store"))
        .stream()
        .sorted(Comparator.comparing(RegisteredLookup::name))
        .toList();
  }

  /** Stores a lookup in the place of the one that has its name, if there is one. */
  public void put(RegisteredLookup lookup) {
    Upsert.put(
        handle,
        "update registered_lookup set lookup_json = :lookup where name = :name",
        "insert into registered_lookup (name, lookup_json) values (:name, :lookup)",
        row -> row.bind("name", lookup.name()).bind("lookup", Json.write(lookup)));
  }

  /** Removes the lookup of a name, if there is one. */
  public void remove(String name) {
    handle
        .createUpdate("delete from registered_lookup where name = :name")
        .bind("name", name)
        .execute();
  }
}
