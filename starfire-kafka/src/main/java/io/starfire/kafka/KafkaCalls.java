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
import org.apache.kafka.common.KafkaFuture;

/** Talks to the brokers on behalf of a daemon that starts. Thread-safe. */
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
   * Connects.
   *
   * @throws StarfireException with UNAVAILABLE if no broker answers in time, INVALID_INPUT if the
   *     properties are wrong
   */
  public static KafkaCalls connect(
      String bootstrapServers, Map<String, String> properties, Duration timeout) {
    Map<String, Object> config = new HashMap<>(properties);
    config.put("bootstrap.servers", bootstrapServers);
    config.put("default.api.timeout.ms", (int) timeout.toMillis());
    config.put("request.timeout.ms", (int) timeout.toMillis());
    Admin admin;
    try {
      admin = Admin.create(config);
    } catch (org.apache.kafka.common.KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.kafka cannot be used: %s (bootstrap-servers '%s')"
              .formatted(cause.getMessage(), bootstrapServers),
          e);
    }
    KafkaCalls calls = new KafkaCalls(bootstrapServers, timeout, admin);
    try {
      calls.get("describe the cluster", admin.describeCluster().clusterId());
      return calls;
    } catch (StarfireException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  public Admin admin() {
    return admin;
  }

  /**
   * Waits for an answer.
   *
   * @throws StarfireException with UNAVAILABLE if none comes in time or the broker refuses
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
    admin.close(Duration.ofSeconds(5));
  }
}
