package io.starfire.serving.role;

import io.starfire.common.Interval;
import java.util.List;
import java.util.Map;

/** The rows of a real-time node that are not committed yet, as a query sees them. Thread-safe. */
public interface LiveRows {
  /**
   * Opens a snapshot of the live pieces of a data source whose chain starts at exactly the
   * committed offset that the query's view says for the partition: pieces {@code [committed, e1),
   * [e1, e2), ...} up to the newest row. A partition whose chain does not hold that offset as a
   * piece's start yields nothing.
   *
   * @param committed per Kafka partition; a partition that is missing has its chain's first start
   * @param interval only pieces of segment buckets that overlap it
   * @return open pieces, which the caller closes
   */
  List<LivePiece> snapshot(String dataSource, Map<Integer, Long> committed, Interval interval);
}
