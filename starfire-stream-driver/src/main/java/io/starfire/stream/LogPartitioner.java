package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Sends a block to the partition that it was made for, and a task's turns to its own. Immutable.
 */
final class LogPartitioner implements StreamPartitioner<byte[], LogRecord> {
  private final List<Optional<Set<Integer>>> one = new ArrayList<>();

  /**
   * @param expected how many partitions a log has; of another number, the events of a key would be
   *     in two of them
   */
  LogPartitioner(int expected) {
    IntStream.range(0, expected).forEach(partition -> one.add(Optional.of(Set.of(partition))));
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte[] key, LogRecord record, int partitions) {
    requireCount(topic, partitions);
    return one.get(
        record instanceof LogRecord.Block block
            ? block.partition()
            : ((LogRecord.Turn) record).partition());
  }

  private void requireCount(String topic, int partitions) {
    if (partitions != one.size()) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "topic '%s', which the stream made for itself with %d partitions, has %d now; begin the stream anew with --reset"
              .formatted(topic, one.size(), partitions));
    }
  }
}
