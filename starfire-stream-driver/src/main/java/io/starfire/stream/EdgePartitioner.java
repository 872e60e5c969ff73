package io.starfire.stream;

import io.starfire.kernel.KeyPartitions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** Sends events by our own hash, the same in both drivers, and marks to everybody. Stateless. */
final class EdgePartitioner implements StreamPartitioner<byte[], EdgeRecord> {
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte[] key, EdgeRecord edge, int partitions) {
    if (edge instanceof EdgeRecord.Event event) {
      return Optional.of(Set.of(KeyPartitions.partition(key, event.value(), partitions)));
    }
    return Optional.of(IntStream.range(0, partitions).boxed().collect(Collectors.toSet()));
  }
}
