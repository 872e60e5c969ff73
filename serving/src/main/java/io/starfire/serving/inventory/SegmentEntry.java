package io.starfire.serving.inventory;

import io.starfire.common.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A segment as lists of segments show it, or the live rows of a bucket.
 *
 * @param id as answers by segment name it
 * @param corePartitions of its interval and version; 0 if each partition shows by itself
 * @param path of its file; empty for a tombstone and for live rows
 * @param rows after rollup
 * @param published whether the metadata store has it: live rows are not there
 * @param active whether any of it shows; a tombstone that hides something shows too
 * @param available whether queries can read it now
 * @param realtime whether these are live rows
 * @param tombstone whether it stands for an empty bucket
 * @param dimensions of its data source
 * @param metrics of its data source
 */
public record SegmentEntry(
    String id,
    String dataSource,
    Interval interval,
    String version,
    int partition,
    int corePartitions,
    String path,
    long sizeBytes,
    long rows,
    boolean published,
    boolean active,
    boolean available,
    boolean realtime,
    boolean tombstone,
    List<String> dimensions,
    List<String> metrics) {
  /** Which of its interval and version it is, in Druid's JSON. */
  public Map<String, Object> shardSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", tombstone ? "tombstone" : "numbered");
    spec.put("partitionNum", partition);
    spec.put("partitions", tombstone ? 1 : corePartitions);
    return spec;
  }
}
