package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a stream that does not run has stored of its raw partitions, read from the changelog. It is
 * asked for where the offsets of the consumer group do not say it: Kafka forgets those of a topic
 * that is deleted, and those of a group that was away for a week.
 */
final class StoredProgress {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaCalls kafka;
  private final StreamSettings settings;

  StoredProgress(KafkaCalls kafka, StreamSettings settings) {
    this.kafka = kafka;
    this.settings = settings;
  }

  static String changelog(String applicationId, String source) {
    return applicationId + "-" + source + "-progress-changelog";
  }

  /** By partition of the source's topic; empty if nothing was stored. */
  Map<Integer, ReadProgress> of(String applicationId, String source) {
    String topic = changelog(applicationId, source);
    TopicFact fact = TopicFact.of(kafka, Set.of(topic)).get(topic);
    Map<Integer, ReadProgress> stored = new TreeMap<>();
    if (fact == null) {
      return stored;
    }
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < fact.partitions(); partition++) {
      all.add(new TopicPartition(topic, partition));
    }
    Map<String, Object> properties = new HashMap<>(settings.kafkaProperties());
    properties.put("bootstrap.servers", settings.bootstrapServers());
    properties.put("isolation.level", "read_committed");
    properties.put("allow.auto.create.topics", "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all, settings.connectTimeout());
      long startNanos = System.nanoTime();
      while (all.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(POLL).forEach(record -> note(record, stored));
        if (System.nanoTime() - startNanos > settings.connectTimeout().toNanos()) {
          throw unreachable(topic, null);
        }
      }
    } catch (KafkaException e) {
      throw unreachable(topic, e);
    }
    return stored;
  }

  private static void note(
      ConsumerRecord<byte[], byte[]> record, Map<Integer, ReadProgress> stored) {
    if (Arrays.equals(record.key(), SourceProcessor.READ.get()) && record.value() != null) {
      stored.put(record.partition(), ReadProgress.decode(record.value()));
    }
  }

  private StarfireException unreachable(String topic, Exception cause) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "what the stream has stored in topic '%s' at %s could not be read within %s; check that the broker runs"
            .formatted(topic, settings.bootstrapServers(), settings.connectTimeout()),
        cause);
  }
}
