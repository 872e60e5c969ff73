package io.starfire.batch.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.Granularity;
import io.starfire.common.Json;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * How many shards each segment bucket of each data source has. The number follows from the number
 * of its rows. The hash of query bucket and dimensions chooses the shard of a row, so rows that
 * roll up into one row are in the same shard. The shards of all data sources are numbered through.
 * Immutable.
 *
 * @param shards by the sink and the start of the bucket; buckets without rows are left out
 */
record ShardPlan(@JsonProperty("shards") Map<Integer, Map<Long, Integer>> shards) {
  private static final String KEY = "starfire.batch.job.shards";

  ShardPlan {
    Map<Integer, Map<Long, Integer>> sorted = new TreeMap<>();
    shards.forEach((sink, ofSink) -> sorted.put(sink, new TreeMap<>(ofSink)));
    shards = sorted;
  }

  /** What a shard holds: a part of a bucket of a sink. */
  record Shard(int sink, long bucketMillis) {}

  /**
   * @param rows by the sink and the start of the bucket
   * @param targetRows of one shard
   */
  static ShardPlan of(Map<Integer, Map<Long, Long>> rows, long targetRows) {
    Map<Integer, Map<Long, Integer>> shards = new TreeMap<>();
    rows.forEach(
        (sink, ofSink) ->
            ofSink.forEach(
                (bucket, count) ->
                    shards
                        .computeIfAbsent(sink, missing -> new TreeMap<>())
                        .put(bucket, Math.toIntExact(Math.floorDiv(count - 1, targetRows) + 1))));
    return new ShardPlan(shards);
  }

  void putInto(Configuration job) {
    job.set(KEY, Json.write(this));
  }

  static ShardPlan from(Configuration job) {
    return Json.read(job.getRaw(KEY), ShardPlan.class, "the shards of a run");
  }

  int total() {
    return list().size();
  }

  /** Finds the shard of a row of a sink. For one thread. */
  Finder finder(int sink, DataSourceSchema schema) {
    return new Finder(this, sink, schema);
  }

  /** The shards by their number. */
  List<Shard> list() {
    List<Shard> all = new ArrayList<>();
    shards.forEach(
        (sink, ofSink) ->
            ofSink.forEach(
                (bucket, count) ->
                    all.addAll(Collections.nCopies(count, new Shard(sink, bucket)))));
    return all;
  }

  static final class Finder {
    private final Granularity segmentGranularity;
    private final Granularity queryGranularity;
    private final DataRowCodec codec;
    private final Map<Long, Integer> firstShards = new HashMap<>();
    private final Map<Long, Integer> counts;
    private final long[] noBits;
    private final boolean[] allNull;

    private Finder(ShardPlan plan, int sink, DataSourceSchema schema) {
      this.segmentGranularity = schema.segmentGranularity();
      this.queryGranularity = schema.queryGranularity();
      this.codec = DataRowCodec.of(schema);
      this.counts = plan.shards.get(sink);
      this.noBits = new long[schema.metrics().size()];
      this.allNull = new boolean[schema.metrics().size()];
      Arrays.fill(allNull, true);
      List<Shard> all = plan.list();
      for (int shard = 0; shard < all.size(); shard++) {
        if (all.get(shard).sink() == sink) {
          firstShards.putIfAbsent(all.get(shard).bucketMillis(), shard);
        }
      }
    }

    /** The number of a row's shard. */
    int shardOf(long timeMillis, byte[] row) {
      long bucket = segmentGranularity.bucketStart(timeMillis);
      int count = counts.get(bucket);
      int first = firstShards.get(bucket);
      return count == 1 ? first : first + KeyHash.partition(dimensionsOf(row), count);
    }

    private byte[] dimensionsOf(byte[] bytes) {
      DataRow row = codec.decode(bytes);
      Object[] dimensions = new Object[row.dimensionCount()];
      for (int i = 0; i < dimensions.length; i++) {
        dimensions[i] = row.dimension(i);
      }
      long time = queryGranularity.bucketStart(row.timeMillis());
      return codec.encode(new DataRow(time, dimensions, noBits, allNull));
    }
  }
}
