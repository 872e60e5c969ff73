package io.starfire.serving.realtime;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What has to be known of topics beside their records. Thread-safe. */
final class TopicAdmin implements AutoCloseable {
  private static final int CALL_TIMEOUT_MILLIS = 10_000;

  private final Admin admin;

  /**
   * A topic that exists.
   *
   * @param id of this topic; one of the same name that is made later has another
   * @param partitions number of partitions
   */
  record Topic(String id, int partitions) {}

  TopicAdmin(Map<String, String> kafka, String clientId) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put("client.id", clientId);
    properties.put("default.api.timeout.ms", CALL_TIMEOUT_MILLIS);
    properties.put("request.timeout.ms", CALL_TIMEOUT_MILLIS / 2);
    properties.putIfAbsent("reconnect.backoff.max.ms", "5000");
    try {
      this.admin = Admin.create(properties);
    } catch (KafkaException e) {
      throw Consumers.refused(e);
    }
  }

  /**
   * The topic as it is now, or empty if there is none.
   *
   * @throws StarfireException with UNAVAILABLE if Kafka does not answer
   */
  Optional<Topic> describe(String name) {
    try {
      TopicDescription description =
          await(admin.describeTopics(List.of(name)).topicNameValues().get(name));
      return Optional.of(
          new Topic(description.topicId().toString(), description.partitions().size()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw unavailable("topic '%s' could not be described".formatted(name), e.getCause());
    }
  }

  /** Creates a topic of one partition unless it exists. */
  void createIfMissing(String name) {
    if (describe(name).isPresent()) {
      return;
    }
    NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty());
    try {
      await(admin.createTopics(List.of(topic)).all());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw unavailable("topic '%s' could not be created".formatted(name), e.getCause());
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }

  private static <T> T await(KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while waiting for Kafka", e);
    }
  }

  private static StarfireException unavailable(String what, Throwable cause) {
    return new StarfireException(ErrorCode.UNAVAILABLE, what + ": " + cause.getMessage(), cause);
  }
}
