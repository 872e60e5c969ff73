package io.starfire.serving.query.exec;

import io.starfire.common.Interval;
import io.starfire.segment.column.RowSet;
import java.util.List;

/**
 * A row set that shows in a query's view, under the name that answers give it.
 *
 * @param id of the segment; rows that are in no segment yet have one that ends in {@code _live}
 * @param interval of the segment, or the segment bucket of live rows
 * @param rows open for as long as the query runs
 * @param parts in which it shows, in order, not overlapping
 */
public record RowSource(String id, Interval interval, RowSet rows, List<Interval> parts) {
  public RowSource {
    parts = List.copyOf(parts);
  }
}
