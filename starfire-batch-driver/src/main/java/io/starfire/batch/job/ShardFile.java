package io.starfire.batch.job;

import io.starfire.batch.input.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * A segment that an indexing job left.
 *
 * @param bucketStartMillis start of the segment's bucket
 * @param shard number among all shards of the data source
 * @param file where it lies for now
 * @param sizeBytes of the file
 * @param rowCount after rollup
 * @param eventCount before rollup
 */
public record ShardFile(
    long bucketStartMillis,
    int shard,
    String file,
    long sizeBytes,
    long rowCount,
    long eventCount) {

  static List<ShardFile> list(String output, ShardPlan plan, Configuration configuration) {
    Storage storage = Storage.of(output, configuration);
    long[] buckets = plan.buckets();
    List<ShardFile> shards = new ArrayList<>();
    for (FileStatus file : storage.list(output)) {
      String path = file.getPath().toString();
      if (path.endsWith(SegmentOutputFormat.DESCRIPTION)) {
        BuiltSegment.Fields built = BuiltSegment.Fields.fromBytes(storage.read(path));
        shards.add(
            new ShardFile(
                buckets[built.shard()],
                built.shard(),
                path.replaceFirst("\\.json$", SegmentOutputFormat.SEGMENT),
                built.sizeBytes(),
                built.rowCount(),
                built.eventCount()));
      }
    }
    shards.sort(Comparator.comparingInt(ShardFile::shard));
    return shards;
  }
}
