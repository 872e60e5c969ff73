package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import java.util.Map;

/**
 * Which live rows a query reads from a real-time node.
 *
 * @param dataSource the data source of the query
 * @param committed the committed offset by Kafka partition, in the view of the query; a partition
 *     that is missing is read from its first live row
 * @param interval only rows of segment buckets that overlap it are wanted
 */
public record LiveScan(String dataSource, Map<Integer, Long> committed, Interval interval) {
  public LiveScan {
    requireNonNull(dataSource, "dataSource");
    committed = Map.copyOf(committed);
    requireNonNull(interval, "interval");
  }
}
