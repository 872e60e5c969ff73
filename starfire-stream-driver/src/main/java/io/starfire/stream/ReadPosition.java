package io.starfire.stream;

import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Up to where a task has read a partition of a shuffle, stored with its state, because Kafka
 * forgets the offsets of a consumer group that was away for a week. Used by the task's thread.
 */
final class ReadPosition {
  private final TopicPartition partition;
  private final Bytes key;
  private long lastOffset = -1;
  private long position = -1;

  ReadPosition(TopicPartition partition, Bytes key) {
    this.partition = partition;
    this.key = key;
  }

  /** Notes a record that was processed, if it is one of this partition. */
  void note(RecordMetadata at, KeyValueStore<Bytes, byte[]> store) {
    if (at.topic().equals(partition.topic())) {
      lastOffset = at.offset();
      put(lastOffset + 1, store);
    }
  }

  /** Notes that beyond the last record only offsets without records were read. */
  void note(RawProgress progress, KeyValueStore<Bytes, byte[]> store) {
    long readTo = progress.positionAfter(partition, lastOffset);
    if (readTo > position) {
      put(readTo, store);
    }
  }

  private void put(long next, KeyValueStore<Bytes, byte[]> store) {
    position = next;
    store.put(key, ByteBuffer.allocate(Long.BYTES).putLong(next).array());
  }
}
