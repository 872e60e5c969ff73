package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;

/** The properties of Kafka Streams that follow from the settings. Immutable. */
final class StreamProperties {
  private static final int SESSION_TIMEOUT_MILLIS = 10_000;
  private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;
  private static final int RESTORE_WAIT_MILLIS = 20;

  /** A round of the thread of Kafka Streams costs as much as dozens of records. */
  private static final int POLLED_RECORDS = 2_000;

  /** Several blocks of a log, and all rows of a commit, go in one request. */
  private static final int PRODUCER_BATCH_BYTES = 128 << 10;

  private static final long LEAST_BUFFER = 32L << 20;
  private static final String TRANSACTION_TIMEOUT = "producer.transaction.timeout.ms";

  private final StreamSettings settings;

  StreamProperties(StreamSettings settings) {
    this.settings = settings;
  }

  Properties of(String applicationId) {
    Properties properties = new Properties();
    properties.putAll(settings.kafkaProperties());
    properties.put("bootstrap.servers", settings.bootstrapServers());
    properties.put("application.id", applicationId);
    properties.put(
        "processing.guarantee", settings.exactlyOnce() ? "exactly_once_v2" : "at_least_once");
    properties.put("commit.interval.ms", settings.commitInterval().toMillis());
    // A thread that waits for records looks as often whether something is to be committed.
    properties.putIfAbsent("poll.ms", CommitPace.least(settings.commitInterval()).toMillis());
    properties.put("state.dir", settings.stateDirectory().toAbsolutePath().toString());
    // No task depends on the order between its inputs. With 0 Kafka Streams writes a message for
    // each record while one of them is empty.
    properties.put("max.task.idle.ms", -1L);
    properties.put("num.stream.threads", settings.threads());
    properties.put("replication.factor", settings.replicationFactor());
    properties.putIfAbsent("consumer.session.timeout.ms", SESSION_TIMEOUT_MILLIS);
    properties.putIfAbsent(TRANSACTION_TIMEOUT, TRANSACTION_TIMEOUT_MILLIS);
    properties.put("consumer.isolation.level", "read_committed");
    // A changelog partition that is empty makes all others wait for this long.
    properties.putIfAbsent("restore.consumer.fetch.max.wait.ms", RESTORE_WAIT_MILLIS);
    properties.putIfAbsent("consumer.max.poll.records", POLLED_RECORDS);
    properties.putIfAbsent("producer.batch.size", PRODUCER_BATCH_BYTES);
    int messageBytes = settings.largestMessageBytes();
    properties.put("producer.max.request.size", messageBytes);
    properties.put("producer.buffer.memory", Math.max(LEAST_BUFFER, 4L * messageBytes));
    // Of topics that Kafka Streams would create; the changelogs are made before it starts.
    properties.put("topic.max.message.bytes", settings.largestRecordBytes());
    return properties;
  }

  /**
   * Refuses what Kafka Streams or its clients would refuse, before anything leaves a trace.
   *
   * @throws StarfireException with INVALID_INPUT
   */
  void check() {
    Properties properties = of("check");
    checkCommitInterval(properties);
    try {
      StreamsConfig config = new StreamsConfig(properties);
      var consumer = config.getMainConsumerConfigs("check", "check", 0);
      consumer.put("key.deserializer", ByteArrayDeserializer.class);
      consumer.put("value.deserializer", ByteArrayDeserializer.class);
      var unusedConsumer = new ConsumerConfig(consumer);
      var producer = config.getProducerConfigs("check");
      producer.put("key.serializer", ByteArraySerializer.class);
      producer.put("value.serializer", ByteArraySerializer.class);
      var unusedProducer = new ProducerConfig(producer);
    } catch (ConfigException | IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.stream or starfire.kafka.properties cannot be used: " + e.getMessage(),
          e);
    }
  }

  /** Work that is not committed in time is aborted by the brokers. */
  private void checkCommitInterval(Properties properties) {
    String timeout = String.valueOf(properties.get(TRANSACTION_TIMEOUT));
    if (!settings.exactlyOnce() || !timeout.matches("[0-9]{1,18}")) {
      return;
    }
    if (settings.commitInterval().toMillis() >= Long.parseLong(timeout)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.stream.commit-interval is %d ms and must be below the transactions' timeout, which is %s ms; lower it, or raise starfire.kafka.properties.\"%s\""
              .formatted(settings.commitInterval().toMillis(), timeout, TRANSACTION_TIMEOUT));
    }
  }
}
