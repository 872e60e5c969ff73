package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kernel.KeyPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Sends events by our own hash, the same in both drivers, marks to everybody, and a task's turns to
 * the partition that it reads. Immutable.
 */
final class LogPartitioner implements StreamPartitioner<byte[], LogRecord> {
  private final List<Optional<Set<Integer>>> one = new ArrayList<>();
  private final Optional<Set<Integer>> all;

  /**
   * @param expected how many partitions a log has; of another number, the events of a key would be
   *     in two of them
   */
  LogPartitioner(int expected) {
    IntStream.range(0, expected).forEach(partition -> one.add(Optional.of(Set.of(partition))));
    this.all = Optional.of(IntStream.range(0, expected).boxed().collect(Collectors.toSet()));
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte[] key, LogRecord record, int partitions) {
    if (partitions != one.size()) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "topic '%s', which the stream made for itself with %d partitions, has %d now; begin the stream anew with --reset"
              .formatted(topic, one.size(), partitions));
    }
    if (record instanceof LogRecord.Event event) {
      return one.get(
          KeyPartitions.partition(event.hasKey() ? key : null, event.value(), partitions));
    }
    return record instanceof LogRecord.Turn turn ? one.get(turn.partition()) : all;
  }
}
