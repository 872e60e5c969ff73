package io.starfire.kafka;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that Starfire writes, and checks those that exist. Thread-safe. */
public final class TopicSetup {
  private static final int VISIBLE_ATTEMPTS = 600;
  private static final long VISIBLE_PAUSE_MILLIS = 50;

  private final KafkaCalls kafka;

  public TopicSetup(KafkaCalls kafka) {
    this.kafka = kafka;
  }

  /** The number of partitions of each of the topics that exists, by name. */
  public Map<String, Integer> partitions(Set<String> topics) {
    Map<String, Integer> found = new TreeMap<>();
    TopicFact.of(kafka, topics).forEach((topic, fact) -> found.put(topic, fact.partitions()));
    return found;
  }

  /**
   * Creates the topics that do not exist. In a new topic the brokers stamp records with the time of
   * writing. Events may be old, and retention by time would delete records with old timestamps.
   *
   * @param wanted number of partitions, by topic
   * @param configs settings of the new topics
   * @throws StarfireException with CONFLICT if a topic exists with another number of partitions
   */
  public void require(
      Map<String, Integer> wanted, boolean exactly, int replication, Map<String, String> configs) {
    Map<String, Integer> found = partitions(wanted.keySet());
    List<NewTopic> missing = new ArrayList<>();
    wanted.forEach(
        (topic, count) -> {
          Integer present = found.get(topic);
          if (present == null) {
            Map<String, String> all = new HashMap<>(configs);
            all.put("message.timestamp.type", "LogAppendTime");
            missing.add(newTopic(topic, count, replication).configs(all));
          } else if (exactly && !present.equals(count)) {
            throw new StarfireException(
                ErrorCode.CONFLICT,
                "topic '%s' has %d partitions and starfire.stream.partitions is %d; set it to %d, or begin the stream anew with 'bin/starfire stream CLASS --reset'"
                    .formatted(topic, present, count, present));
          }
        });
    create(missing);
    // A topic that existed before may have another number of partitions.
    awaitLeaders(awaitVisible(wanted.keySet()));
  }

  /**
   * Checks that topics accept records of a size.
   *
   * @param topics topics that do not exist are skipped
   * @param bytes the size, inclusive
   * @param setting the setting that needs this size, for the message
   * @throws StarfireException with CONFLICT if a topic does not accept them
   */
  public void requireMessageBytes(Set<String> topics, int bytes, String setting) {
    List<ConfigResource> wanted =
        partitions(topics).keySet().stream()
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList();
    kafka
        .get("describe the configuration of topics", kafka.admin().describeConfigs(wanted).all())
        .forEach(
            (topic, config) -> {
              long accepted =
                  Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
              if (accepted < bytes) {
                throw new StarfireException(
                    ErrorCode.CONFLICT,
                    "topic '%s' accepts records of at most %d bytes (max.message.bytes), and with %s they can have %d; raise the topic's limit, or lower the setting"
                        .formatted(topic.name(), accepted, setting, bytes));
              }
            });
  }

  /**
   * Checks the settings of topics.
   *
   * @param wanted values by setting
   * @param why what comes of another value, for the message
   * @throws StarfireException with CONFLICT if a topic has another value
   */
  public void requireConfigs(Set<String> topics, Map<String, String> wanted, String why) {
    List<ConfigResource> resources =
        topics.stream().map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList();
    kafka
        .get("describe the configuration of topics", kafka.admin().describeConfigs(resources).all())
        .forEach(
            (topic, config) ->
                wanted.forEach(
                    (setting, value) -> {
                      String present = config.get(setting).value();
                      if (!value.equals(present)) {
                        throw new StarfireException(
                            ErrorCode.CONFLICT,
                            "topic '%s' has %s=%s and must have %s=%s: %s; set it back"
                                .formatted(topic.name(), setting, present, setting, value, why));
                      }
                    }));
  }

  private static NewTopic newTopic(String topic, int partitions, int replication) {
    Optional<Short> replicas =
        replication < 0 ? Optional.empty() : Optional.of((short) replication);
    return new NewTopic(topic, Optional.of(partitions), replicas);
  }

  private void create(List<NewTopic> missing) {
    if (missing.isEmpty()) {
      return;
    }
    Map<String, KafkaFuture<Void>> answers = kafka.admin().createTopics(missing).values();
    new HashMap<>(answers)
        .forEach(
            (topic, answer) -> {
              try {
                answer.get(1, TimeUnit.MINUTES);
              } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                  throw notCreated(topic, e.getCause());
                }
              } catch (TimeoutException e) {
                throw notCreated(topic, e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notCreated(topic, e);
              }
            });
  }

  /**
   * Waits until the brokers know new topics: that is a moment after the controller creates them.
   */
  private Map<String, Integer> awaitVisible(Set<String> topics) {
    for (int attempt = 0; attempt < VISIBLE_ATTEMPTS; attempt++) {
      Map<String, Integer> visible = partitions(topics);
      if (visible.keySet().equals(topics)) {
        return visible;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(VISIBLE_PAUSE_MILLIS));
    }
    throw new StarfireException(
        ErrorCode.UNAVAILABLE,
        "topics %s were created and the brokers do not show them; look at the brokers' logs"
            .formatted(topics));
  }

  /**
   * Waits until each partition has a leader. Only a leader tells the end of the log. Records that
   * are sent before there is one could arrive out of order, and the producer could not correct
   * that.
   */
  private void awaitLeaders(Map<String, Integer> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    topics.forEach(
        (topic, count) -> {
          for (int partition = 0; partition < count; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
          }
        });
    kafka.get("end offsets of new topics", kafka.admin().listOffsets(ends).all());
  }

  private static StarfireException notCreated(String topic, Throwable cause) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "topic '%s' could not be created: %s".formatted(topic, cause.getMessage()),
        cause);
  }
}
