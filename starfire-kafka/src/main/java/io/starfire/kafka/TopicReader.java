package io.starfire.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads logs from their start to the end that they have now. Stateless. */
public final class TopicReader {
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * A consumer asks for more as soon as it has handed something over, and its close waits for that
   * answer. At the end of a log the brokers hold it back for this long, by default half a second.
   */
  private static final int FETCH_WAIT_MILLIS = 10;

  private TopicReader() {}

  /**
   * Reads all committed records of some partitions. An open transaction ends the reading of its
   * partition.
   *
   * @param properties of Kafka's clients, including {@code bootstrap.servers}
   * @param timeout of all of it
   * @param each told of the records, those of one partition in their order
   * @throws KafkaException if it cannot be read in time
   */
  public static void read(
      Map<String, ?> properties,
      Collection<TopicPartition> partitions,
      Duration timeout,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Set<TopicPartition> all = Set.copyOf(partitions);
    Map<String, Object> config = new HashMap<>(properties);
    config.put("isolation.level", "read_committed");
    config.put("allow.auto.create.topics", "false");
    config.put("enable.auto.commit", "false");
    config.put("fetch.max.wait.ms", FETCH_WAIT_MILLIS);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all, timeout);
      long startNanos = System.nanoTime();
      while (all.stream().anyMatch(one -> consumer.position(one, timeout) < ends.get(one))) {
        consumer.poll(POLL).forEach(each);
        if (System.nanoTime() - startNanos > timeout.toNanos()) {
          throw new TimeoutException("%s could not be read within %s".formatted(all, timeout));
        }
      }
    }
  }
}
