package io.starfire.batch;

import static java.util.Objects.requireNonNull;

import io.starfire.batch.job.ShardFile;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.storage.StoragePaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A segment with its number and its place in deep storage, before it is there. Immutable.
 *
 * @param descriptor of the segment, as it will be published
 * @param file where its bytes are until then, a path of Hadoop; empty for a tombstone
 */
public record PlannedSegment(SegmentDescriptor descriptor, String file) {
  public PlannedSegment {
    requireNonNull(descriptor, "descriptor");
    requireNonNull(file, "file");
  }

  /**
   * The segments of one data source, in order. The shards of a bucket are numbered without holes; a
   * bucket without any becomes a tombstone.
   *
   * @param shards in the order of their numbers in each bucket
   */
  public static List<PlannedSegment> all(
      DataSourceSchema schema, List<Interval> intervals, String version, List<ShardFile> shards) {
    Map<Long, List<ShardFile>> byBucket = new TreeMap<>();
    for (ShardFile shard : shards) {
      byBucket.computeIfAbsent(shard.bucketStartMillis(), start -> new ArrayList<>()).add(shard);
    }
    List<PlannedSegment> planned = new ArrayList<>();
    for (Interval interval : intervals) {
      for (Interval bucket : schema.segmentGranularity().bucketsIn(interval)) {
        List<ShardFile> files = byBucket.getOrDefault(bucket.startMillis(), List.of());
        if (files.isEmpty()) {
          SegmentId id = new SegmentId(schema.name(), bucket, version, 0);
          planned.add(new PlannedSegment(new SegmentDescriptor(id, 1, true, "", 0, 0, 0), ""));
        }
        for (int number = 0; number < files.size(); number++) {
          SegmentId id = new SegmentId(schema.name(), bucket, version, number);
          planned.add(of(id, files.size(), files.get(number)));
        }
      }
    }
    return planned;
  }

  private static PlannedSegment of(SegmentId id, int corePartitions, ShardFile file) {
    String path = StoragePaths.checkRelative(id.dataSource() + "/" + id.fileName());
    return new PlannedSegment(
        new SegmentDescriptor(
            id, corePartitions, false, path, file.sizeBytes(), file.rowCount(), file.eventCount()),
        file.file());
  }
}
