package io.starfire.batch.job;

import io.starfire.batch.input.InputRecord;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;

/** Sends each row of the data sources to its shard. */
public final class IndexMapper extends Mapper<InputRecord, NullWritable, Delivery, NullWritable> {
  private final Map<Integer, ShardPlan.Finder> finders = new HashMap<>();
  private ShardPlan shards;
  private Plan plan;

  static DataSourceSchema schema(Plan plan, int sink) {
    return ((DataSourceNode) plan.sinks().get(sink)).dataSource().schema();
  }

  @Override
  protected void setup(Context context) {
    Configuration job = context.getConfiguration();
    shards = ShardPlan.from(job);
    plan = RunSettings.from(job).plan();
  }

  @Override
  protected void map(InputRecord row, NullWritable nothing, Context context)
      throws IOException, InterruptedException {
    int shard =
        finders
            .computeIfAbsent(row.index(), sink -> shards.finder(sink, schema(plan, sink)))
            .shardOf(row.timeMillis(), row.value());
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(shard).array();
    context.write(
        Delivery.row(row.index(), key, row.timeMillis(), row.value()), NullWritable.get());
  }

  @Override
  public void run(Context context) throws IOException, InterruptedException {
    TaskFailures.noting(context, () -> super.run(context));
  }
}
