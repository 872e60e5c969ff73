package io.starfire.serving.role;

import io.starfire.common.Interval;
import java.util.List;
import java.util.Map;

/** The rows of a real-time node that are not committed yet, for queries. Thread-safe. */
public interface LiveRows {
  /**
   * Opens a snapshot of the live pieces of a data source. For each partition they begin at exactly
   * the offset that is committed in the query's view: {@code [committed, e1), [e1, e2), ...} up to
   * the newest row. If no piece of a partition begins at that offset, it yields nothing.
   *
   * @param committed the committed offset by Kafka partition; a partition that is missing begins
   *     with its first piece
   * @param interval only pieces of segment buckets that overlap it are returned
   * @return open pieces, which the caller closes
   */
  List<LivePiece> snapshot(String dataSource, Map<Integer, Long> committed, Interval interval);
}
