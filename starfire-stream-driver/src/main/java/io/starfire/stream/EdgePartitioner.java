package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kernel.KeyPartitions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** Sends events by our own hash, the same in both drivers, and marks to everybody. Stateless. */
final class EdgePartitioner implements StreamPartitioner<byte[], EdgeRecord> {
  private final int expected;

  /**
   * @param expected how many partitions a repartition topic has; of another number, the events of a
   *     key would be in two of them
   */
  EdgePartitioner(int expected) {
    this.expected = expected;
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte[] key, EdgeRecord edge, int partitions) {
    if (partitions != expected) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "topic '%s', which the stream made for itself with %d partitions, has %d now; begin the stream anew with --reset"
              .formatted(topic, expected, partitions));
    }
    if (edge instanceof EdgeRecord.Event event) {
      return Optional.of(Set.of(KeyPartitions.partition(key, event.value(), partitions)));
    }
    return Optional.of(IntStream.range(0, partitions).boxed().collect(Collectors.toSet()));
  }
}
