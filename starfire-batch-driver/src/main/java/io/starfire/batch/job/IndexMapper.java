package io.starfire.batch.job;

import io.starfire.batch.input.InputRecord;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.SinkNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;

/** Sends each row of a data source to its shard. */
public final class IndexMapper extends Mapper<InputRecord, NullWritable, Delivery, NullWritable> {
  private static final String SINK = "starfire.batch.job.sink";

  private ShardPlan.Finder shards;

  /** Tells a job which sink of the plan it indexes. */
  static void setSink(Configuration job, int sink) {
    job.setInt(SINK, sink);
  }

  static DataSourceSchema schema(Configuration job) {
    SinkNode sink = RunSettings.from(job).plan().sinks().get(job.getInt(SINK, 0));
    return ((DataSourceNode) sink).dataSource().schema();
  }

  @Override
  protected void setup(Context context) {
    Configuration job = context.getConfiguration();
    shards = ShardPlan.from(job).finder(schema(job));
  }

  @Override
  protected void map(InputRecord row, NullWritable nothing, Context context)
      throws IOException, InterruptedException {
    int shard = shards.shardOf(row.timeMillis(), row.value());
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(shard).array();
    context.write(
        Delivery.row(row.index(), key, row.timeMillis(), row.value()), NullWritable.get());
  }

  @Override
  public void run(Context context) throws IOException, InterruptedException {
    TaskFailures.noting(context, () -> super.run(context));
  }
}
