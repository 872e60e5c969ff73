package io.starfire.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  private static final TopicPartition PARTITION = new TopicPartition("events", 0);

  @TempDir private Path directory;

  @Test
  void recordsAndTransactionsSurviveARestartOnTheSameDirectory() throws Exception {
    String clusterId;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      clusterId = kafka.clusterId();
      kafka.createTopic("events", 1);
      try (KafkaProducer<String, String> producer = transactionalProducer(kafka)) {
        producer.initTransactions();
        producer.beginTransaction();
        send(producer, "aborted");
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        send(producer, "committed");
        producer.commitTransaction();
      }
      assertThat(readCommitted(kafka)).containsExactly("committed");
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      assertThat(kafka.clusterId()).isEqualTo(clusterId);
      try (KafkaProducer<String, String> producer = transactionalProducer(kafka)) {
        producer.initTransactions();
        producer.beginTransaction();
        send(producer, "after the restart");
        producer.commitTransaction();
      }
      assertThat(readCommitted(kafka)).containsExactly("committed", "after the restart");
      assertThatThrownBy(() -> EmbeddedKafka.start(directory))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessage(
              "the Kafka directory %s is in use by another embedded broker; stop that one or choose another directory",
              directory);
      assertThatThrownBy(() -> kafka.createTopic("events", 3))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageStartingWith("topic 'events' with 3 partitions could not be created: ");
      assertThatThrownBy(() -> kafka.createTopic("other", 1, Map.of("retention.ms", "soon")))
          .isInstanceOfSatisfying(
              StarfireException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedKafka.builder(directory).port(port).start())
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessage(
              "port %d on 127.0.0.1 is in use; stop what listens there or choose another port for Kafka",
              port);
    }
    assertThatThrownBy(() -> EmbeddedKafka.builder(directory).port(70_000))
        .hasMessage("a port must be 1 to 65535, or 0 for a free one, got 70000");
  }

  @Test
  void aBrokerThatCannotStartSaysWhyAndGivesTheDirectoryFree() {
    assertThatThrownBy(
            () -> EmbeddedKafka.builder(directory).property("num.io.threads", "-1").start())
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageStartingWith(
            "the embedded Kafka broker refuses its configuration: Invalid value -1 for configuration num.io.threads");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + kafka.port());
    }
  }

  private static void send(KafkaProducer<String, String> producer, String value) throws Exception {
    producer.send(new ProducerRecord<>("events", "k", value)).get(30, TimeUnit.SECONDS);
  }

  private static KafkaProducer<String, String> transactionalProducer(EmbeddedKafka kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "writer"),
        new StringSerializer(),
        new StringSerializer());
  }

  private static List<String> readCommitted(EmbeddedKafka kafka) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
      List<String> values = new ArrayList<>();
      while (consumer.position(PARTITION) < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }
}
