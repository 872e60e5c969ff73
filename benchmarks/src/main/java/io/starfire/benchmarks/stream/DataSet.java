package io.starfire.benchmarks.stream;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Records in two topics of the broker.
 *
 * @param records all of them
 * @param topics where they are
 */
record DataSet(JoinData records, Topics topics) {
  /** Makes the topics and sends the records, and those that close all windows. */
  static DataSet send(
      Broker broker, Topics topics, long seed, int impressions, int clicks, Duration span) {
    broker.createTopics(topics.partitions(), topics.impressions(), topics.clicks());
    JoinData records = new JoinData(seed, impressions, clicks, span);
    fill(broker, topics, records);
    try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
      records.close(producer, topics);
    }
    return new DataSet(records, topics);
  }

  /** Sends records to topics that are there; the last windows stay open. */
  static void fill(Broker broker, Topics topics, JoinData records) {
    try (KafkaProducer<byte[], byte[]> producer =
        broker.producer(Map.of("linger.ms", "20", "batch.size", "65536"))) {
      records.send(producer, topics);
    }
  }

  /** Whether a topic holds raw records: of this data set or another. */
  boolean isRaw(String topic) {
    return topic.startsWith("impressions") || topic.startsWith("clicks");
  }

  /** What a contestant must have written. */
  RowSum expected(Contestant.Result result) {
    return result == Contestant.Result.AD_EVENTS ? records.adEvents() : records.joined();
  }
}
