package io.starfire.serving.realtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Reads the newest records of a dead-letter topic, once. Used by one thread. */
final class DeadLetterReader {
  private static final String PREFIX = DeadLetterHeaders.name("");
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** A person sees what a record is by its beginning. */
  private static final int SHOWN_BYTES = 4_000;

  private final String deadLetterTopic;
  private final String topic;

  /**
   * @param deadLetterTopic which may hold records of other topics too
   * @param topic whose records are wanted
   */
  DeadLetterReader(String deadLetterTopic, String topic) {
    this.deadLetterTopic = deadLetterTopic;
    this.topic = topic;
  }

  /**
   * The newest records; the last that was written comes first. None if the topic is not there: it
   * is made for the first record.
   *
   * @throws StarfireException with UNAVAILABLE if the brokers do not answer
   */
  List<WrittenDeadLetter> newest(Map<String, String> kafka, String clientId, int most) {
    Map<String, String> properties = new HashMap<>(kafka);
    properties.put("default.api.timeout.ms", Long.toString(LIMIT.toMillis()));
    properties.put("request.timeout.ms", Long.toString(LIMIT.toMillis()));
    try (KafkaConsumer<byte[], byte[]> consumer = Consumers.create(properties, clientId)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(deadLetterTopic).stream()
              .map(partition -> new TopicPartition(deadLetterTopic, partition.partition()))
              .toList();
      return read(consumer, partitions, most).stream()
          .filter(record -> topic.equals(field(record, DeadLetter.TOPIC)))
          .sorted(
              Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                  .thenComparingLong(ConsumerRecord::offset)
                  .reversed())
          .limit(most)
          .map(DeadLetterReader::written)
          .toList();
    } catch (KafkaException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the dead-letter topic '%s' cannot be read: %s"
              .formatted(deadLetterTopic, e.getMessage()),
          e);
    }
  }

  /** From each partition as many as are wanted of all. */
  private static List<ConsumerRecord<byte[], byte[]>> read(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, int most) {
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer
        .beginningOffsets(partitions)
        .forEach(
            (partition, begin) ->
                consumer.seek(partition, Math.max(begin, ends.get(partition) - most)));
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline
        && ends.entrySet().stream()
            .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(records::add);
    }
    return records;
  }

  private static WrittenDeadLetter written(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> fields = new HashMap<>();
    for (Header header : record.headers()) {
      if (header.key().startsWith(PREFIX) && header.value() != null) {
        fields.put(header.key().substring(PREFIX.length()), new String(header.value(), UTF_8));
      }
    }
    byte[] value = record.value() == null ? new byte[0] : record.value();
    return new WrittenDeadLetter(
        record.timestamp(),
        fields,
        new String(value, 0, Math.min(value.length, SHOWN_BYTES), UTF_8),
        value.length);
  }

  private static String field(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(PREFIX + name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
