package io.starfire.batch;

import io.starfire.batch.input.Storage;
import io.starfire.batch.job.ShardFile;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.segment.storage.StoragePaths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Gives the segments of a run their numbers and their final places in deep storage. Only the run's
 * driver does this, after all reducers have finished, so that core partitions have no holes and no
 * attempt of a task is ever seen. What no publication was made of is taken away again. One thread.
 */
public final class SegmentUpload {
  private final String root;
  private final Configuration configuration;
  private final FileSystem fileSystem;

  /** In their final places, and of no publication yet. */
  private final List<String> unpublished = new ArrayList<>();

  public SegmentUpload(String root, Configuration configuration) {
    this.root = root;
    this.configuration = configuration;
    this.fileSystem = Storage.of(root, configuration).fileSystem();
  }

  /** A directory on the file system of deep storage, for what is not yet in its place. */
  public String stagingDirectory(String run) {
    return root + "/.staging-" + run;
  }

  /** Moves the segments of one data source; a bucket without any becomes a tombstone. */
  public List<SegmentDescriptor> publish(
      DataSourceSchema schema, Interval interval, String version, List<ShardFile> shards) {
    Map<Long, List<ShardFile>> byBucket = new TreeMap<>();
    for (ShardFile shard : shards) {
      byBucket.computeIfAbsent(shard.bucketStartMillis(), start -> new ArrayList<>()).add(shard);
    }
    List<SegmentDescriptor> descriptors = new ArrayList<>();
    for (Interval bucket : schema.segmentGranularity().bucketsIn(interval)) {
      List<ShardFile> files = byBucket.getOrDefault(bucket.startMillis(), List.of());
      if (files.isEmpty()) {
        SegmentId id = new SegmentId(schema.name(), bucket, version, 0);
        descriptors.add(new SegmentDescriptor(id, 1, true, "", 0, 0, 0));
      }
      for (int number = 0; number < files.size(); number++) {
        SegmentId id = new SegmentId(schema.name(), bucket, version, number);
        descriptors.add(move(id, files.size(), files.get(number)));
      }
    }
    return descriptors;
  }

  /** All that was uploaded so far belongs to a publication, or may do so. */
  public void keep() {
    unpublished.clear();
  }

  /** The files that {@link #withdraw} would delete. */
  public List<String> unpublished() {
    return List.copyOf(unpublished);
  }

  /** Deletes what was uploaded and belongs to no publication. */
  public void withdraw() {
    for (String file : List.copyOf(unpublished)) {
      Storage.of(root, configuration).delete(file);
      unpublished.remove(file);
    }
  }

  private SegmentDescriptor move(SegmentId id, int corePartitions, ShardFile shard) {
    String path = StoragePaths.checkRelative(id.dataSource() + "/" + id.fileName());
    String file = root + "/" + path;
    if (fileSystem.getUri().getScheme().equals("file")) {
      // On a local disk the store forces the file and its name to the disk; a rename would not.
      LocalDeepStorage storage = new LocalDeepStorage(localPath(root));
      if (!storage.exists(path)) {
        unpublished.add(file);
      }
      storage.push(localPath(shard.file()), path);
    } else {
      if (!Storage.of(root, configuration).exists(file)) {
        unpublished.add(file);
      }
      Storage.of(root, configuration).rename(shard.file(), file);
    }
    return new SegmentDescriptor(
        id, corePartitions, false, path, shard.sizeBytes(), shard.rowCount(), shard.eventCount());
  }

  private static Path localPath(String uri) {
    return Path.of(new org.apache.hadoop.fs.Path(uri).toUri().getPath());
  }
}
