package io.starfire.stream;

import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A raw record's value with the timestamp that its producer or broker gave it. Kafka Streams would
 * hand that timestamp on to the changelog topics, whose broker may refuse it; so the engine is
 * given the time of reading instead, and the record's own travels here.
 */
final class RawValue {
  private final byte[] bytes;
  private long timestampMillis;

  private RawValue(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Null for a tombstone. */
  byte[] bytes() {
    return bytes;
  }

  /** Negative if the record has none. */
  long timestampMillis() {
    return timestampMillis;
  }

  static Deserializer<RawValue> deserializer() {
    return (topic, bytes) -> new RawValue(bytes);
  }

  /** Notes the record's timestamp, and gives the engine the present. */
  static TimestampExtractor extractor(InstantSource clock) {
    return (record, partitionTime) -> {
      note(record);
      return clock.millis();
    };
  }

  private static void note(ConsumerRecord<Object, Object> record) {
    ((RawValue) record.value()).timestampMillis = record.timestamp();
  }
}
