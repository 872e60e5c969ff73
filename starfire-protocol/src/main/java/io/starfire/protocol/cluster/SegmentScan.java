package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Which rows of stored segments a query reads from one node.
 *
 * @param dataSource the data source of the query
 * @param segments what shows in the view of the query
 */
public record SegmentScan(String dataSource, List<SegmentPart> segments) {
  public SegmentScan {
    requireNonNull(dataSource, "dataSource");
    segments = List.copyOf(segments);
  }
}
