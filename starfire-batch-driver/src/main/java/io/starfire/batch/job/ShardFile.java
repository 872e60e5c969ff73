package io.starfire.batch.job;

import io.starfire.batch.input.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * A segment that the indexing job left.
 *
 * @param bucketStartMillis start of the segment's bucket
 * @param shard number among all shards of the job
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

  /** The segments of each sink, in order of bucket and shard; empty shards are left out. */
  static Map<Integer, List<ShardFile>> list(
      String output, ShardPlan plan, Configuration configuration) {
    Storage storage = Storage.of(output, configuration);
    List<ShardPlan.Shard> planned = plan.list();
    Map<Integer, List<ShardFile>> shards = new TreeMap<>();
    for (FileStatus file : storage.list(output)) {
      String path = file.getPath().toString();
      if (path.endsWith(SegmentOutputFormat.DESCRIPTION)) {
        BuiltSegment.Fields built = BuiltSegment.Fields.fromBytes(storage.read(path));
        ShardPlan.Shard shard = planned.get(built.shard());
        shards
            .computeIfAbsent(shard.sink(), sink -> new ArrayList<>())
            .add(
                new ShardFile(
                    shard.bucketMillis(),
                    built.shard(),
                    path.replaceFirst("\\.json$", SegmentOutputFormat.SEGMENT),
                    built.sizeBytes(),
                    built.rowCount(),
                    built.eventCount()));
      }
    }
    shards.values().forEach(ofSink -> ofSink.sort(Comparator.comparingInt(ShardFile::shard)));
    return shards;
  }
}
