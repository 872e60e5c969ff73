package io.starfire.batch;

import io.starfire.batch.input.Storage;
import io.starfire.batch.job.ShardFile;
import io.starfire.batch.storage.HadoopDeepStorage;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.PublicationRequest;
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
 * attempt of a task is ever seen. Before the first is moved, the publication is noted among the
 * {@link UnpublishedRequests}; if not all can be moved, all is taken away again. One thread.
 */
final class SegmentUpload {
  private final String root;
  private final Configuration configuration;
  private final FileSystem fileSystem;
  private final UnpublishedRequests unpublished;

  /** In their final places, and not whole yet. */
  private final List<String> moved = new ArrayList<>();

  private PublicationRequest moving;

  /** A segment, and where its bytes are until it is moved; there are none of a tombstone. */
  record Planned(SegmentDescriptor descriptor, String file) {}

  SegmentUpload(String root, Configuration configuration) {
    this.root = root;
    this.configuration = configuration;
    this.fileSystem = Storage.of(root, configuration).fileSystem();
    this.unpublished =
        new UnpublishedRequests(
            isLocal()
                ? new LocalDeepStorage(localPath(root))
                : HadoopDeepStorage.open(root, configuration));
  }

  private boolean isLocal() {
    return fileSystem.getUri().getScheme().equals("file");
  }

  String root() {
    return root;
  }

  UnpublishedRequests unpublished() {
    return unpublished;
  }

  /** A directory on the file system of deep storage, for what is not yet in its place. */
  String stagingDirectory(String run) {
    return root + "/.staging-" + run;
  }

  /** The segments of one data source, in order; a bucket without any becomes a tombstone. */
  List<Planned> plan(
      DataSourceSchema schema, Interval interval, String version, List<ShardFile> shards) {
    Map<Long, List<ShardFile>> byBucket = new TreeMap<>();
    for (ShardFile shard : shards) {
      byBucket.computeIfAbsent(shard.bucketStartMillis(), start -> new ArrayList<>()).add(shard);
    }
    List<Planned> planned = new ArrayList<>();
    for (Interval bucket : schema.segmentGranularity().bucketsIn(interval)) {
      List<ShardFile> files = byBucket.getOrDefault(bucket.startMillis(), List.of());
      if (files.isEmpty()) {
        SegmentId id = new SegmentId(schema.name(), bucket, version, 0);
        planned.add(new Planned(new SegmentDescriptor(id, 1, true, "", 0, 0, 0), ""));
      }
      for (int number = 0; number < files.size(); number++) {
        SegmentId id = new SegmentId(schema.name(), bucket, version, number);
        planned.add(planned(id, files.size(), files.get(number)));
      }
    }
    return planned;
  }

  private static Planned planned(SegmentId id, int corePartitions, ShardFile file) {
    return new Planned(
        new SegmentDescriptor(
            id,
            corePartitions,
            false,
            StoragePaths.checkRelative(id.dataSource() + "/" + id.fileName()),
            file.sizeBytes(),
            file.rowCount(),
            file.eventCount()),
        file.file());
  }

  /** Moves all segments of a publication, which is kept from now on until it is registered. */
  void store(PublicationRequest request, List<Planned> planned) {
    moving = request;
    unpublished.keep(request);
    for (Planned segment : planned) {
      if (!segment.descriptor.tombstone()) {
        move(segment);
      }
    }
    moving = null;
    moved.clear();
  }

  /** The files that {@link #withdraw} would delete. */
  List<String> left() {
    return List.copyOf(moved);
  }

  /** Deletes what was moved of a publication of which not all was moved. */
  void withdraw() {
    for (String file : List.copyOf(moved)) {
      Storage.of(root, configuration).delete(file);
      moved.remove(file);
    }
    if (moving != null) {
      unpublished.forget(moving.id());
      moving = null;
    }
  }

  private void move(Planned segment) {
    String path = segment.descriptor.path();
    String file = root + "/" + path;
    if (isLocal()) {
      // On a local disk the store forces the file and its name to the disk; a rename would not.
      LocalDeepStorage storage = new LocalDeepStorage(localPath(root));
      if (!storage.exists(path)) {
        moved.add(file);
      }
      storage.push(localPath(segment.file), path);
    } else {
      if (!Storage.of(root, configuration).exists(file)) {
        moved.add(file);
      }
      Storage.of(root, configuration).rename(segment.file, file);
    }
  }

  private static Path localPath(String uri) {
    return Path.of(new org.apache.hadoop.fs.Path(uri).toUri().getPath());
  }
}
