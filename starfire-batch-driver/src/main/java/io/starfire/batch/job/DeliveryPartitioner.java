package io.starfire.batch.job;

import io.starfire.kernel.KeyPartitions;
import java.nio.ByteBuffer;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Partitioner;

/**
 * Which reducer takes a delivery: events by {@link KeyPartitions}, as in the stream driver; rows by
 * the number of their shard. Stateless.
 */
public final class DeliveryPartitioner extends Partitioner<Delivery, NullWritable> {
  @Override
  public int getPartition(Delivery delivery, NullWritable nothing, int partitions) {
    if (delivery.kind() == Delivery.Kind.ROW) {
      return Math.floorMod(ByteBuffer.wrap(delivery.key()).getInt(), partitions);
    }
    return KeyPartitions.partition(delivery.key(), delivery.value(), partitions);
  }
}
