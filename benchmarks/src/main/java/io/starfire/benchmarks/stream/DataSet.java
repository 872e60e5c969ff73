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
  /**
   * Makes the topics and sends the records.
   *
   * @param suffix of the names of the topics
   */
  static DataSet send(
      Broker broker, String suffix, long seed, int impressions, int clicks, Duration span) {
    Topics topics = Topics.named(suffix);
    broker.createTopics(topics.impressions(), topics.clicks());
    JoinData records = new JoinData(seed, impressions, clicks, span);
    try (KafkaProducer<byte[], byte[]> producer =
        broker.producer(Map.of("linger.ms", "20", "batch.size", "65536"))) {
      records.send(producer, topics);
    }
    return new DataSet(records, topics);
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
