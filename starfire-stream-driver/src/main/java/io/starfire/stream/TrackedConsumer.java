package io.starfire.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.errors.StreamsException;

/**
 * Kafka Streams' main consumer, which also notes how far it has read, and hands over raw records in
 * batches ({@link RawBatch}). What it commits itself, without transactions, passes the {@link
 * TopicFence}.
 */
final class TrackedConsumer extends KafkaConsumer<byte[], byte[]> {
  private final Set<String> rawTopics;
  private final RawProgress progress;
  private final CommitPace pace;
  private final TopicFence fence;
  private final Map<TopicPartition, Long> lastPolled = new HashMap<>();
  private Set<TopicPartition> tracked = Set.of();

  TrackedConsumer(Map<String, Object> config, StreamContext stream, TopicFence fence) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.rawTopics = Set.copyOf(stream.rawPartitions().keySet());
    this.progress = stream.progress();
    this.pace = stream.pace();
    this.fence = fence;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = super.poll(timeout);
    } catch (InvalidOffsetException e) {
      // Kafka Streams would read a log on from its start: it does so with all read-only stores.
      throw new StreamsException(e);
    }
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> polled = records.records(partition);
      lastPolled.put(partition, polled.get(polled.size() - 1).offset());
    }
    note();
    pace.polled(records.count());
    return RawBatch.pack(records, rawTopics);
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    fence.require(offsets.keySet());
    super.commitSync(offsets);
  }

  private void note() {
    Set<TopicPartition> assigned = new HashSet<>();
    for (TopicPartition partition : assignment()) {
      assigned.add(partition);
      notePosition(partition);
    }
    for (TopicPartition lost : tracked) {
      if (!assigned.contains(lost)) {
        lastPolled.remove(lost);
        progress.forget(lost);
        progress.forgetPosition(lost);
      }
    }
    tracked = assigned;
  }

  private void notePosition(TopicPartition partition) {
    try {
      long position = position(partition, Duration.ZERO);
      // What was polled before a rewind will be polled again.
      long last = Math.min(position - 1, lastPolled.getOrDefault(partition, -1L));
      progress.notePosition(partition, new RawProgress.Read(position, last));
      if (rawTopics.contains(partition.topic())) {
        progress.noteRead(partition, position, last);
      }
    } catch (TimeoutException e) {
      progress.forget(partition);
      progress.forgetPosition(partition);
    }
  }
}
