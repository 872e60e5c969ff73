package io.starfire.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The records of one raw partition that a poll has returned, which Kafka Streams takes for one
 * record: what it does for each record costs more than to decode an event. It never looks into
 * values; the batch travels in a header of the one record.
 *
 * <p>That record has the offset of the first of the batch. While the batch waits, Kafka Streams
 * commits this offset, and when it is processed, the consumer's position, which is behind the last.
 * So a batch is committed as a whole or not at all.
 *
 * <p>The producers' timestamps stay inside. Kafka Streams would hand one on to the changelog
 * topics, whose broker may refuse it; so the engine is given the time of reading.
 *
 * @param records at least one, in the order of their offsets
 */
record RawBatch(List<ConsumerRecord<byte[], byte[]>> records) implements Header {
  private static final String KEY = "starfire-raw";
  private static final byte[] NOTHING = {};

  @Override
  public String key() {
    return KEY;
  }

  /** The header is never written. */
  @Override
  public byte[] value() {
    return NOTHING;
  }

  /** Makes one record of those of each raw partition, and leaves the others as they are. */
  static ConsumerRecords<byte[], byte[]> pack(
      ConsumerRecords<byte[], byte[]> polled, Set<String> rawTopics) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> packed = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      boolean isRaw = rawTopics.contains(partition.topic()) && !records.isEmpty();
      packed.put(partition, isRaw ? List.of(new RawBatch(records).asRecord()) : records);
    }
    return new ConsumerRecords<>(packed, polled.nextOffsets());
  }

  private ConsumerRecord<byte[], byte[]> asRecord() {
    ConsumerRecord<byte[], byte[]> first = records.get(0);
    return new ConsumerRecord<>(
        first.topic(),
        first.partition(),
        first.offset(),
        Math.max(0, first.timestamp()),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        NOTHING,
        NOTHING,
        new RecordHeaders(new Header[] {this}),
        first.leaderEpoch());
  }

  /** Takes the batch out of its record. */
  static Deserializer<RawBatch> deserializer() {
    return new Deserializer<>() {
      @Override
      public RawBatch deserialize(String topic, Headers headers, byte[] nothing) {
        return (RawBatch) headers.lastHeader(KEY);
      }

      @Override
      public RawBatch deserialize(String topic, byte[] nothing) {
        throw new IllegalStateException("a batch is in the headers of its record");
      }
    };
  }
}
