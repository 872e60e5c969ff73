package io.starfire.serving.query.source;

import io.starfire.event.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Row sets that are held in this process.
 *
 * @param whenClosed lets go of what they need
 */
record FewRows(
    List<Visible> all, Map<String, ColumnType> columns, Set<String> dimensions, Runnable whenClosed)
    implements QueryRows {
  @Override
  public void close() {
    whenClosed.run();
  }
}
