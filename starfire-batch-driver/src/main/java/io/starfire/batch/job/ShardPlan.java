package io.starfire.batch.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.Granularity;
import io.starfire.common.Json;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.KeyHash;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * How many shards each segment bucket has. The number follows from the number of its rows. The hash
 * of query bucket and dimensions chooses the shard of a row, so rows that roll up into one row are
 * in the same shard. Immutable.
 *
 * @param shards by the start of the bucket; buckets without rows are left out
 */
record ShardPlan(@JsonProperty("shards") Map<Long, Integer> shards) {
  private static final String KEY = "starfire.batch.job.shards";

  ShardPlan {
    shards = new TreeMap<>(shards);
  }

  /**
   * @param rows by the start of the bucket
   * @param targetRows of one shard
   */
  static ShardPlan of(Map<Long, Long> rows, long targetRows) {
    Map<Long, Integer> shards = new TreeMap<>();
    rows.forEach(
        (bucket, count) ->
            shards.put(bucket, Math.toIntExact(Math.floorDiv(count - 1, targetRows) + 1)));
    return new ShardPlan(shards);
  }

  void putInto(Configuration job) {
    job.set(KEY, Json.write(this));
  }

  static ShardPlan from(Configuration job) {
    return Json.read(job.getRaw(KEY), ShardPlan.class, "the shards of a run");
  }

  int total() {
    return shards.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Numbers the shards of all buckets through, and finds that of a row. One thread. */
  Finder finder(DataSourceSchema schema) {
    return new Finder(this, schema);
  }

  /** The start of the bucket of each shard, by its number. */
  long[] buckets() {
    return shards.entrySet().stream()
        .flatMapToLong(
            entry -> Arrays.stream(new int[entry.getValue()]).mapToLong(unused -> entry.getKey()))
        .toArray();
  }

  static final class Finder {
    private final Granularity segmentGranularity;
    private final Granularity queryGranularity;
    private final DataRowCodec codec;
    private final Map<Long, Integer> firstShards = new HashMap<>();
    private final Map<Long, Integer> counts;
    private final long[] noBits;
    private final boolean[] allNull;

    Finder(ShardPlan plan, DataSourceSchema schema) {
      this.segmentGranularity = schema.segmentGranularity();
      this.queryGranularity = schema.queryGranularity();
      this.codec = DataRowCodec.of(schema);
      this.counts = plan.shards;
      this.noBits = new long[schema.metrics().size()];
      this.allNull = new boolean[schema.metrics().size()];
      Arrays.fill(allNull, true);
      int next = 0;
      for (Map.Entry<Long, Integer> bucket : plan.shards.entrySet()) {
        firstShards.put(bucket.getKey(), next);
        next += bucket.getValue();
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
