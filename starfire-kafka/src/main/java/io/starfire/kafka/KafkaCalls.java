package io.starfire.kafka;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Sends requests to the brokers, with the same time limit for each. Thread-safe. */
public final class KafkaCalls implements AutoCloseable {
  private final String bootstrapServers;
  private final Duration timeout;
  private final Admin admin;

  private KafkaCalls(String bootstrapServers, Duration timeout, Admin admin) {
    this.bootstrapServers = bootstrapServers;
    this.timeout = timeout;
    this.admin = admin;
  }

  /**
   * Connects, and waits for an answer of a broker.
   *
   * @throws StarfireException with UNAVAILABLE if no broker answers in time; with INVALID_INPUT if
   *     the properties are wrong
   */
  public static KafkaCalls connect(
      String bootstrapServers, Map<String, String> properties, Duration timeout) {
    Map<String, Object> config = new HashMap<>(properties);
    config.put("bootstrap.servers", bootstrapServers);
    config.put("request.timeout.ms", (int) timeout.toMillis());
    KafkaCalls calls = unchecked(config, timeout);
    try {
      calls.get("describe the cluster", calls.admin.describeCluster().clusterId());
      return calls;
    } catch (StarfireException e) {
      calls.admin.close(Duration.ZERO);
      throw e;
    }
  }

  /**
   * Makes the client without checking that a broker answers.
   *
   * @param properties of Kafka's clients, including {@code bootstrap.servers}
   * @param timeout of one call
   * @throws StarfireException with INVALID_INPUT if the properties are wrong
   */
  static KafkaCalls unchecked(Map<String, Object> properties, Duration timeout) {
    Map<String, Object> config = new HashMap<>(properties);
    config.put("default.api.timeout.ms", (int) timeout.toMillis());
    config.putIfAbsent("request.timeout.ms", (int) timeout.toMillis() / 2);
    String bootstrapServers = String.valueOf(config.get("bootstrap.servers"));
    try {
      return new KafkaCalls(bootstrapServers, timeout, Admin.create(config));
    } catch (KafkaException e) {
      throw refused(e);
    }
  }

  /** Turns what the constructor of a Kafka client throws into an error with a sentence. */
  public static StarfireException refused(KafkaException refusal) {
    Throwable reason = refusal.getCause() == null ? refusal : refusal.getCause();
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "Kafka's clients refuse the properties: %s".formatted(reason.getMessage()),
        refusal);
  }

  public Admin admin() {
    return admin;
  }

  /**
   * Waits for an answer.
   *
   * @param what was asked, for the message
   * @throws StarfireException with UNAVAILABLE if no answer comes in time, or the broker refuses
   */
  public <T> T get(String what, KafkaFuture<T> answer) {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unreachable(what, e);
      }
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "Kafka at %s refused to %s: %s"
              .formatted(bootstrapServers, what, e.getCause().getMessage()),
          e.getCause());
    } catch (TimeoutException e) {
      throw unreachable(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "interrupted while Kafka was asked to " + what, e);
    }
  }

  private StarfireException unreachable(String what, Exception cause) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "no Kafka broker at %s answered within %s when asked to %s; check starfire.kafka.bootstrap-servers, and that the broker runs"
            .formatted(bootstrapServers, timeout, what),
        cause);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
