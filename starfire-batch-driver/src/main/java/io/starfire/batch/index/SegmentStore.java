package io.starfire.batch.index;

import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.job.ShardFile;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.storage.DeepStorage;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gives segments their numbers, and puts them into deep storage. One thread. */
final class SegmentStore {
  private final DeepStorage storage;
  private final List<String> stored = new ArrayList<>();

  SegmentStore(DeepStorage storage) {
    this.storage = storage;
  }

  /**
   * Stores all segments of a publication; a bucket of the intervals without any becomes a
   * tombstone. If one cannot be stored, none stays.
   *
   * @param shards on the local disk, in the order of their numbers in each bucket
   */
  List<SegmentDescriptor> store(
      DataSourceSchema schema, List<Interval> intervals, String version, List<ShardFile> shards) {
    Map<Long, List<ShardFile>> byBucket = new TreeMap<>();
    for (ShardFile shard : shards) {
      byBucket.computeIfAbsent(shard.bucketStartMillis(), start -> new ArrayList<>()).add(shard);
    }
    List<SegmentDescriptor> descriptors = new ArrayList<>();
    try {
      for (Interval interval : intervals) {
        for (Interval bucket : schema.segmentGranularity().bucketsIn(interval)) {
          List<ShardFile> files = byBucket.getOrDefault(bucket.startMillis(), List.of());
          descriptors.addAll(store(schema, bucket, version, files));
        }
      }
    } catch (RuntimeException e) {
      Uninterrupted.run(() -> withdrawAfter(e));
      throw e;
    }
    return descriptors;
  }

  private List<SegmentDescriptor> store(
      DataSourceSchema schema, Interval bucket, String version, List<ShardFile> files) {
    if (files.isEmpty()) {
      SegmentId id = new SegmentId(schema.name(), bucket, version, 0);
      return List.of(new SegmentDescriptor(id, 1, true, "", 0, 0, 0));
    }
    List<SegmentDescriptor> descriptors = new ArrayList<>();
    for (int number = 0; number < files.size(); number++) {
      ShardFile file = files.get(number);
      SegmentId id = new SegmentId(schema.name(), bucket, version, number);
      String path =
          storage.push(Path.of(URI.create(file.file())), id.dataSource() + "/" + id.fileName());
      stored.add(path);
      descriptors.add(
          new SegmentDescriptor(
              id, files.size(), false, path, file.sizeBytes(), file.rowCount(), file.eventCount()));
    }
    return descriptors;
  }

  /** Deletes what was stored, if nobody has been told of it. */
  void withdraw() {
    stored.forEach(storage::delete);
    stored.clear();
  }

  /** What cannot be deleted neither hides why the run failed nor keeps the rest in its place. */
  private void withdrawAfter(RuntimeException failure) {
    for (String path : stored) {
      try {
        storage.delete(path);
      } catch (StarfireException e) {
        failure.addSuppressed(e);
      }
    }
    stored.clear();
  }
}
