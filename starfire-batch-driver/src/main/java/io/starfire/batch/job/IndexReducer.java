package io.starfire.batch.job;

import io.starfire.common.Interval;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.Plan;
import io.starfire.segment.format.SegmentBuilder;
import io.starfire.segment.format.SpillLimits;
import io.starfire.segment.format.WrittenSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Reducer;

/**
 * Builds the segments of its shards in a directory of the local disk. Rows are sorted, so that sums
 * of doubles are the same however the work was divided.
 */
public final class IndexReducer
    extends Reducer<Delivery, NullWritable, NullWritable, BuiltSegment> {
  /** A part of the heap that the index may fill before it spills. */
  private static final int HEAP_PARTS = 5;

  private Plan plan;
  private List<ShardPlan.Shard> shards;
  private Path directory;
  private SpillLimits limits;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration job = context.getConfiguration();
    plan = RunSettings.from(job).plan();
    shards = ShardPlan.from(job).list();
    directory = Files.createTempDirectory("starfire-index-");
    limits =
        new SpillLimits(
            SpillLimits.DEFAULT.maxRows(),
            Math.min(
                SpillLimits.DEFAULT.maxBytes(), Runtime.getRuntime().maxMemory() / HEAP_PARTS));
  }

  @Override
  protected void reduce(Delivery row, Iterable<NullWritable> values, Context context)
      throws IOException, InterruptedException {
    int shard = ByteBuffer.wrap(row.key()).getInt();
    DataSourceSchema schema = IndexMapper.schema(plan, shards.get(shard).sink());
    DataRowCodec codec = DataRowCodec.of(schema);
    Interval bucket = schema.segmentGranularity().bucket(shards.get(shard).bucketMillis());
    try (SegmentBuilder builder = new SegmentBuilder(schema, bucket, limits, directory)) {
      for (NullWritable ignored : values) {
        // The key object changes as the values go by: it is the row.
        builder.add(codec.decode(row.value()));
      }
      WrittenSegment written = builder.finish(directory.resolve("shard-" + shard));
      context.write(
          NullWritable.get(),
          new BuiltSegment(
              new BuiltSegment.Fields(
                  shard,
                  written.path().toString(),
                  written.sizeBytes(),
                  written.rowCount(),
                  written.eventCount())));
    }
  }

  @Override
  public void run(Context context) throws IOException, InterruptedException {
    try {
      TaskFailures.noting(context, () -> super.run(context));
    } finally {
      deleteDirectory();
    }
  }

  /** Segments were copied to the attempt's output as they were written; what is left is waste. */
  private void deleteDirectory() throws IOException {
    if (directory != null) {
      try (Stream<Path> found = Files.walk(directory)) {
        List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
        for (Path path : deepestFirst) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
