package io.starfire.serving.broker;

import io.starfire.serving.query.control.QueryControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The queries that run or wait, by id, so that they can be cancelled. Ids are chosen by clients:
 * several queries may have the same. Thread-safe.
 */
final class RunningQueries {
  private final Map<String, List<QueryControl>> byId = new HashMap<>();

  /** A query that is known until this is closed. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  synchronized Registration add(String id, QueryControl control) {
    byId.computeIfAbsent(id, unused -> new ArrayList<>()).add(control);
    return () -> remove(id, control);
  }

  private synchronized void remove(String id, QueryControl control) {
    byId.computeIfPresent(
        id,
        (unused, controls) -> {
          controls.remove(control);
          return controls.isEmpty() ? null : controls;
        });
  }

  /** Cancels all queries with that id; returns how many there were. */
  synchronized int cancel(String id) {
    List<QueryControl> controls = byId.getOrDefault(id, List.of());
    controls.forEach(QueryControl::cancel);
    return controls.size();
  }
}
