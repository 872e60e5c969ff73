package io.starfire.kafka;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Questions about topics, for parts that run for a long time. It works even if no broker can be
 * reached when it is made: only the single call fails then. Thread-safe.
 */
public final class TopicAdmin implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final KafkaCalls kafka;

  /**
   * Makes the client. It does not wait for a broker.
   *
   * @param properties of Kafka's clients, including {@code bootstrap.servers}; a call takes as long
   *     as {@code default.api.timeout.ms} says, or 10 seconds
   * @throws StarfireException with INVALID_INPUT if Kafka's clients refuse the properties
   */
  public TopicAdmin(Map<String, String> properties, String clientId) {
    Map<String, Object> config = new HashMap<>(properties);
    config.put("client.id", clientId);
    config.putIfAbsent("reconnect.backoff.max.ms", "5000");
    this.kafka = KafkaCalls.unchecked(config, timeout(properties));
  }

  private static Duration timeout(Map<String, String> properties) {
    String given = properties.get("default.api.timeout.ms");
    try {
      return given == null ? TIMEOUT : Duration.ofMillis(Integer.parseInt(given));
    } catch (NumberFormatException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "default.api.timeout.ms must be a number of milliseconds, got '%s'".formatted(given),
          e);
    }
  }

  /**
   * The current topic of a name; empty if there is none.
   *
   * @throws StarfireException with UNAVAILABLE if Kafka does not answer
   */
  public Optional<TopicFact> describe(String name) {
    return Optional.ofNullable(TopicFact.of(kafka, Set.of(name)).get(name));
  }

  /** The offsets that a partition holds: start inclusive, end exclusive. */
  public record Range(long start, long end) {
    @Override
    public String toString() {
      return "[%d, %d)".formatted(start, end);
    }
  }

  /**
   * The offsets that each partition of a topic holds.
   *
   * @throws StarfireException with UNAVAILABLE if Kafka does not answer
   */
  public Map<Integer, Range> ranges(String name, int partitions) {
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> last = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      first.put(new TopicPartition(name, partition), OffsetSpec.earliest());
      last.put(new TopicPartition(name, partition), OffsetSpec.latest());
    }
    String what = "list the offsets of topic " + name;
    var starts = kafka.get(what, kafka.admin().listOffsets(first).all());
    var ends = kafka.get(what, kafka.admin().listOffsets(last).all());
    Map<Integer, Range> ranges = new TreeMap<>();
    starts.forEach(
        (partition, start) ->
            ranges.put(
                partition.partition(), new Range(start.offset(), ends.get(partition).offset())));
    return ranges;
  }

  /** Creates a topic with one partition. Does nothing if it exists. */
  public void createIfMissing(String name) {
    if (describe(name).isPresent()) {
      return;
    }
    NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty());
    try {
      kafka.get("create topic " + name, kafka.admin().createTopics(List.of(topic)).all());
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.UNAVAILABLE || !(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    kafka.close();
  }
}
