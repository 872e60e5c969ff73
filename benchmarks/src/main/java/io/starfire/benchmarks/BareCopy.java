package io.starfire.benchmarks;

import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.GeneratedRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The peer of the stream driver: Kafka's own clients copy the records of both sources to a topic,
 * exactly once, on one thread, without looking at them. What the broker and the transactions cost
 * alone. Not thread-safe.
 */
final class BareCopy {
  static final String TARGET = "bare-copy";
  private static final long COMMIT_NANOS = Duration.ofMillis(200).toNanos();

  private final String brokers;
  private final List<TopicPartition> sources =
      List.of(new TopicPartition(AdEvents.IMPRESSIONS, 0), new TopicPartition(AdEvents.CLICKS, 0));

  BareCopy(String brokers) {
    this.brokers = brokers;
  }

  /** Puts the records into the topics of their sources. */
  void send(List<GeneratedRecord> records) {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", "20"))) {
      for (GeneratedRecord record : records) {
        var unused =
            producer.send(new ProducerRecord<>(record.source(), record.key(), record.value()));
      }
    }
  }

  /**
   * Copies so many records from the beginning on; seconds from the first until all are committed.
   */
  double seconds(long records, int round) {
    Map<String, String> transactional = Map.of("transactional.id", "bare-" + round);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer();
        KafkaProducer<byte[], byte[]> producer = producer(transactional)) {
      producer.initTransactions();
      consumer.assign(sources);
      consumer.seekToBeginning(sources);
      long copied = 0;
      long start = 0;
      long begun = 0;
      while (copied < records) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (begun == 0) {
            begun = System.nanoTime();
            start = start == 0 ? begun : start;
            producer.beginTransaction();
          }
          var unused = producer.send(new ProducerRecord<>(TARGET, record.key(), record.value()));
          copied++;
        }
        if (begun != 0 && (copied >= records || System.nanoTime() - begun > COMMIT_NANOS)) {
          producer.commitTransaction();
          begun = 0;
        }
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  /** Where the committed part of a topic with one partition ends now. */
  static long committedEnd(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.endOffsets(List.of(new TopicPartition(topic, 0))).values().iterator().next();
  }

  KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", brokers);
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", brokers);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
