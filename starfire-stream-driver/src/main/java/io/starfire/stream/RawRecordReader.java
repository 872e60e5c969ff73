package io.starfire.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads single records of raw topics again. A dead letter of an event that was found to be late
 * behind a shuffle holds the record as it came; carrying it over the shuffle with every event would
 * cost all of them. What one request brings is kept, since late events come in crowds. Used by one
 * thread; asks nobody before the first record is wanted.
 */
final class RawRecordReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int PARTITION_BYTES = 256 << 10;
  private static final int FETCH_WAIT_MILLIS = 20;
  private static final int KEPT_PARTITIONS = 8;

  private final StreamSettings settings;
  private final Map<TopicPartition, Kept> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TopicPartition, Kept> eldest) {
          return size() > KEPT_PARTITIONS;
        }
      };
  private KafkaConsumer<byte[], byte[]> consumer;
  private TopicPartition assigned;

  RawRecordReader(StreamSettings settings) {
    this.settings = settings;
  }

  /**
   * What was read of a partition.
   *
   * @param from first offset, inclusive
   * @param to end of the offsets, exclusive
   */
  private record Kept(long from, long to, List<ConsumerRecord<byte[], byte[]>> records) {
    private boolean covers(long offset) {
      return offset >= from && offset < to;
    }
  }

  /**
   * The record at an offset.
   *
   * @return empty if it was deleted
   * @throws TimeoutException if no broker answers in time
   */
  Optional<ConsumerRecord<byte[], byte[]>> find(TopicPartition partition, long offset) {
    Kept read = kept.get(partition);
    if (read == null || !read.covers(offset)) {
      read = read(partition, offset);
      kept.put(partition, read);
    }
    return read.records().stream().filter(record -> record.offset() == offset).findFirst();
  }

  private Kept read(TopicPartition partition, long offset) {
    if (consumer == null) {
      consumer =
          new KafkaConsumer<>(
              properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
    if (!partition.equals(assigned)) {
      consumer.assign(List.of(partition));
      assigned = partition;
    }
    consumer.seek(partition, offset);
    for (int attempt = 0; attempt < PATIENCE.dividedBy(POLL); attempt++) {
      try {
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
        long next = consumer.position(partition, PATIENCE);
        if (next > offset) {
          return new Kept(offset, next, records);
        }
      } catch (OffsetOutOfRangeException e) {
        return new Kept(offset, offset + 1, List.of());
      }
    }
    throw new TimeoutException(
        "offset %d of %s could not be read again within %s".formatted(offset, partition, PATIENCE));
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>(settings.kafkaProperties());
    properties.put("bootstrap.servers", settings.bootstrapServers());
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "none");
    properties.put("allow.auto.create.topics", "false");
    properties.put("enable.auto.commit", "false");
    properties.put("max.partition.fetch.bytes", PARTITION_BYTES);
    // The close waits for it.
    properties.put("fetch.max.wait.ms", FETCH_WAIT_MILLIS);
    return properties;
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close();
      consumer = null;
    }
  }
}
