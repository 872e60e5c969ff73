package io.starfire.stream;

import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to where a task has read a partition of a shuffle, stored with its state, because Kafka
 * forgets the offsets of a consumer group that was away for a week. Used by the task's thread.
 */
final class ReadPosition {
  private final TopicPartition partition;
  private final String key;
  private long lastOffset = -1;
  private long position = -1;

  ReadPosition(TopicPartition partition, String key) {
    this.partition = partition;
    this.key = key;
  }

  /** Notes a record of the partition that was processed. */
  void note(long offset) {
    lastOffset = offset;
    position = offset + 1;
  }

  /** Notes that beyond the last record only offsets without records were read. */
  void note(RawProgress progress) {
    position = Math.max(position, progress.positionAfter(partition, lastOffset));
  }

  void save(ProgressStore store) {
    if (position >= 0) {
      store.put(key, ByteBuffer.allocate(Long.BYTES).putLong(position).array());
    }
  }
}
