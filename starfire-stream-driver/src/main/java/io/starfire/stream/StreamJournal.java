package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.kafka.TopicReader;
import io.starfire.kafka.TopicSetup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a stream has to remember beyond its state: which generation it is in, which topics it reads
 * (by their ids), and what the coordinator has taken. It is a topic of one partition, {@code
 * <prefix>-<pipeline>-journal}, a JSON object a record, that is never cleaned.
 *
 * <p>To begin a generation is to append one record. Everything that follows from it is done by the
 * next start, whichever process does it, so that a reset that is killed is either not done or goes
 * on. Thread-safe.
 */
final class StreamJournal {

  private final KafkaCalls kafka;
  private final StreamSettings settings;
  private final TopicPartition partition;

  StreamJournal(KafkaCalls kafka, StreamSettings settings, String baseId) {
    this.kafka = kafka;
    this.settings = settings;
    this.partition = new TopicPartition(baseId + "-journal", 0);
  }

  TopicPartition partition() {
    return partition;
  }

  /** All that was written so far. */
  JournalState read() {
    if (TopicFact.of(kafka, Set.of(partition.topic())).isEmpty()) {
      return JournalState.EMPTY;
    }
    List<JournalEntry> entries = new ArrayList<>();
    try {
      TopicReader.read(
          clientProperties(),
          List.of(partition),
          settings.connectTimeout(),
          record -> entries.add(decode(record.offset(), record.value())));
    } catch (KafkaException e) {
      throw unreachable("read", e);
    }
    return JournalState.of(entries);
  }

  /** Appends an entry, for good. Makes the topic if it does not exist. */
  void append(JournalEntry entry) {
    append(List.of(entry));
  }

  /** Appends entries, in their order. */
  void append(List<? extends JournalEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    new TopicSetup(kafka)
        .require(
            Map.of(partition.topic(), 1),
            true,
            settings.replicationFactor(),
            Map.of("retention.ms", "-1", "retention.bytes", "-1", "cleanup.policy", "delete"));
    Map<String, Object> properties = clientProperties();
    properties.put("acks", "all");
    properties.put("max.block.ms", settings.connectTimeout().toMillis());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (JournalEntry entry : entries) {
        byte[] value = Json.write(entry).getBytes(StandardCharsets.UTF_8);
        sent.add(producer.send(new ProducerRecord<>(partition.topic(), 0, null, value)));
      }
      for (Future<RecordMetadata> one : sent) {
        var unused = one.get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw unreachable("write", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("write", e);
    }
  }

  private Map<String, Object> clientProperties() {
    Map<String, Object> properties = new HashMap<>(settings.kafkaProperties());
    properties.put("bootstrap.servers", settings.bootstrapServers());
    return properties;
  }

  private JournalEntry decode(long offset, byte[] value) {
    return Json.read(
        new String(value, StandardCharsets.UTF_8),
        JournalEntry.class,
        "record %d of the stream's journal, topic '%s', which only this version of Starfire may write,"
            .formatted(offset, partition.topic()));
  }

  private StarfireException unreachable(String what, Exception cause) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "the stream's journal, topic '%s' at %s, could not be %s within %s; check that the broker runs"
            .formatted(
                partition.topic(),
                settings.bootstrapServers(),
                "read".equals(what) ? "read" : "written",
                settings.connectTimeout()),
        cause);
  }
}
