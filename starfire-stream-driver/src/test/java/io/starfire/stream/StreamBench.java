package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.kafka.TopicReader;
import io.starfire.plan.Planner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker, and what tests of a stream need around it. */
final class StreamBench implements AutoCloseable {
  static final int LARGEST_RECORD = 16 << 20;

  static final Duration DEADLINE = Duration.ofSeconds(30);

  private final EmbeddedKafka kafka;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Future<?>> sent = new ArrayList<>();

  StreamBench(Path directory) {
    this(directory, Map.of());
  }

  /**
   * @param properties of the broker
   */
  StreamBench(Path directory, Map<String, String> properties) {
    EmbeddedKafka.Builder builder =
        EmbeddedKafka.builder(directory).property("group.initial.rebalance.delay.ms", "0");
    properties.forEach(builder::property);
    kafka = builder.start();
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "linger.ms",
                0,
                "max.request.size",
                LARGEST_RECORD),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  void topic(String name, int partitions) {
    kafka.createTopic(name, partitions);
  }

  void topic(String name, int partitions, Map<String, String> configs) {
    kafka.createTopic(name, partitions, configs);
  }

  /** The smallest offset that is left in any partition of a topic. */
  long firstOffset(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      return consumer.beginningOffsets(partitions).values().stream()
          .mapToLong(Long::longValue)
          .min()
          .orElseThrow();
    }
  }

  /** A configuration with short intervals. */
  StarfireConfig config(String prefix, Path stateDirectory, Map<String, String> more) {
    Map<String, String> values = new HashMap<>();
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.stream.application-id-prefix", prefix);
    values.put("starfire.stream.state-dir", stateDirectory.toString());
    values.put("starfire.stream.register", "off");
    values.put("starfire.stream.port", "-1");
    values.put("starfire.stream.commit-interval", "50ms");
    values.put("starfire.stream.broadcast-interval", "50ms");
    values.put("starfire.stream.clock-skew", "0");
    values.put("starfire.stream.partitions", "2");
    values.put("starfire.stream.idle-timeout", "1h");
    // Kafka Streams goes around in steps of this, a dozen times while it starts and stops.
    values.put("starfire.kafka.properties.\"poll.ms\"", "10");
    // A stop waits for the last request.
    values.put("starfire.kafka.properties.\"main.consumer.fetch.max.wait.ms\"", "50");
    values.putAll(more);
    return StarfireConfig.fromMap(values);
  }

  StreamDriver start(Class<?> pipeline, StarfireConfig config) {
    return StreamDriver.start(
        StreamOptions.of(pipeline.getName(), pipeline.getClassLoader(), config));
  }

  StreamDriver start(Class<?> pipeline, StarfireConfig config, InstantSource clock) {
    return StreamDriver.start(
        new StreamOptions(
            Planner.plan(pipeline.getName(), pipeline.getClassLoader()),
            config,
            clock,
            Beginning.CONTINUE,
            sentence -> {}));
  }

  /** A producer that asks for the topics anew, so that it knows of partitions that were added. */
  Sender sender() {
    return new Sender(kafka.bootstrapServers());
  }

  /** See {@link #sender}; what it has sent is at the broker when it is closed. */
  static final class Sender implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;

    private Sender(String bootstrapServers) {
      producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", bootstrapServers),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }

    void send(String topic, int partition, long timestamp, String value) throws Exception {
      var unused =
          producer
              .send(
                  new ProducerRecord<>(
                      topic, partition, timestamp, null, value.getBytes(StandardCharsets.UTF_8)))
              .get();
    }

    @Override
    public void close() {
      producer.close();
    }
  }

  void send(String topic, int partition, String value) {
    send(topic, partition, null, value);
  }

  void send(String topic, int partition, Long timestamp, String value) {
    sent.add(
        producer.send(
            new ProducerRecord<>(
                topic,
                partition,
                timestamp,
                null,
                value == null ? null : value.getBytes(StandardCharsets.UTF_8))));
  }

  void send(ProducerRecord<byte[], byte[]> record) {
    sent.add(producer.send(record));
  }

  /** Leaves records in a partition that nobody sees. */
  void abort(String topic, int partition, int records) {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", bootstrapServers(), "transactional.id", "abort-" + topic);
    byte[] value = "aborted".getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> aborting =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      aborting.initTransactions();
      aborting.beginTransaction();
      for (int i = 0; i < records; i++) {
        var unused = aborting.send(new ProducerRecord<>(topic, partition, null, value));
      }
      aborting.flush();
      aborting.abortTransaction();
    }
  }

  /** Waits until the broker has everything. */
  void flush() throws Exception {
    for (Future<?> record : sent) {
      record.get();
    }
    sent.clear();
  }

  /** All committed records of a topic up to its present end. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    Map<String, Object> properties = Map.of("bootstrap.servers", kafka.bootstrapServers());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    TopicReader.read(properties, partitions(topic), DEADLINE, records::add);
    return records;
  }

  private List<TopicPartition> partitions(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      return consumer.partitionsFor(topic).stream()
          .map(info -> new TopicPartition(topic, info.partition()))
          .toList();
    }
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /**
   * Waits for a condition; fails with the description after a deadline, or if the stream failed.
   */
  static void await(StreamDriver driver, Supplier<?> description, BooleanSupplier condition)
      throws InterruptedException {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(driver.status().failure()).isNull();
      assertThat(System.nanoTime() - startNanos)
          .as(() -> String.valueOf(description.get()))
          .isLessThan(DEADLINE.toNanos());
      boolean ended = driver.awaitEnd(Duration.ofMillis(20));
      assertThat(ended).as(() -> "ended: " + driver.status()).isFalse();
    }
  }

  static <T> Map<T, Long> histogram(Iterable<T> values) {
    Map<T, Long> counts = new TreeMap<>();
    values.forEach(value -> counts.merge(value, 1L, Long::sum));
    return counts;
  }

  @Override
  public void close() {
    producer.close();
    kafka.close();
  }
}
