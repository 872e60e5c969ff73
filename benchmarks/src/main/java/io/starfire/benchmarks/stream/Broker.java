package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.process.Child;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The broker's process, and what the benchmark asks it. Used by one thread. */
final class Broker implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  private final Child process;
  private final String address;
  private final Admin admin;
  private int asked;

  private Broker(Child process, String address) {
    this.process = process;
    this.address = address;
    this.admin = Admin.create(Map.of("bootstrap.servers", address));
  }

  /** Records and bytes that were appended to a topic. */
  record Written(long records, long bytes) {}

  static Broker start(Path directory) {
    Child process =
        Child.start(
            "broker",
            List.of("-Xms512m", "-Xmx512m", "-Djava.net.preferIPv4Stack=true"),
            System.getProperty("java.class.path"),
            BrokerMain.class.getName(),
            List.of(directory.resolve("kafka").toString()),
            directory);
    try {
      return new Broker(process, process.line(START_LIMIT));
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  String address() {
    return address;
  }

  /** Makes topics with so many partitions, and waits until they take records. */
  void createTopics(int partitions, String... names) {
    List<NewTopic> topics = new ArrayList<>();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (String name : names) {
      topics.add(new NewTopic(name, partitions, (short) 1));
      partitions(name, partitions).forEach(partition -> ends.put(partition, OffsetSpec.latest()));
    }
    get(admin.createTopics(topics).all());
    // The controller answers before the broker has heard of a topic and leads its partitions.
    long startNanos = System.nanoTime();
    while (!get(admin.listTopics().names()).containsAll(List.of(names)) || !leads(ends)) {
      if (System.nanoTime() - startNanos > ANSWER_LIMIT.toNanos()) {
        throw new StarfireException(
            ErrorCode.TIMEOUT,
            "the topics %s were not there within %s".formatted(List.of(names), ANSWER_LIMIT));
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Only a leader tells the end of its log: then the partition takes records. */
  private boolean leads(Map<TopicPartition, OffsetSpec> ends) {
    try {
      admin.listOffsets(ends).all().get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while topics were made", e);
    }
  }

  /** Deletes all topics but those named. */
  void deleteTopicsBut(Set<String> kept) {
    Set<String> names = get(admin.listTopics().names());
    get(admin.deleteTopics(names.stream().filter(name -> !kept.contains(name)).toList()).all());
  }

  /**
   * The end of what is committed in each partition of a topic, exclusive. Marks of commits count.
   */
  long[] committedEnds(String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> latest =
        partitions(topic, partitions).stream()
            .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
    long[] ends = new long[partitions];
    get(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .forEach((partition, end) -> ends[partition.partition()] = end.offset());
    return ends;
  }

  /** How many records of the raw topics a consumer group has committed. */
  long position(String group, Topics topics) {
    return position(
        group, topic -> topic.equals(topics.impressions()) || topic.equals(topics.clicks()));
  }

  /** The same in all topics, the group's own among them. */
  long position(String group) {
    return position(group, topic -> true);
  }

  private long position(String group, Predicate<String> isCounted) {
    return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .entrySet()
        .stream()
        .filter(each -> each.getValue() != null && isCounted.test(each.getKey().topic()))
        .mapToLong(each -> each.getValue().offset())
        .sum();
  }

  /** What has been appended to each topic since the broker started; Kafka's own are left out. */
  Map<String, Written> written() {
    asked++;
    String[] words = process.ask("written " + asked, ANSWER_LIMIT).split(" ");
    Map<String, Written> written = new TreeMap<>();
    for (int i = 0; i + 2 < words.length; i += 3) {
      if (!words[i].startsWith("__")) {
        written.put(
            words[i], new Written(Long.parseLong(words[i + 1]), Long.parseLong(words[i + 2])));
      }
    }
    return written;
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", address);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A consumer of what is committed. */
  KafkaConsumer<byte[], byte[]> consumer(Map<String, String> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", address);
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static List<TopicPartition> partitions(String topic, int count) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (int partition = 0; partition < count; partition++) {
      partitions.add(new TopicPartition(topic, partition));
    }
    return partitions;
  }

  private <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.check();
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the broker of the benchmark does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while the broker was asked", e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
    process.close();
  }
}
