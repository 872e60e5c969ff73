package io.starfire.serving.metadata;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * Replaces a row, or adds it. In two statements, since H2 and PostgreSQL have none in common for
 * it; writes are done one at a time.
 */
final class Upsert {
  private Upsert() {}

  /** Binds the values of a row, which both statements name. */
  interface Binding {
    Update bind(Update statement);
  }

  static void put(Handle handle, String update, String insert, Binding row) {
    if (row.bind(handle.createUpdate(update)).execute() == 0) {
      row.bind(handle.createUpdate(insert)).execute();
    }
  }
}
