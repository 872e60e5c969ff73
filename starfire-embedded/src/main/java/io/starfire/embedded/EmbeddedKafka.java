package io.starfire.embedded;

import static java.util.Objects.requireNonNull;

import io.starfire.common.DirectoryLock;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A real Kafka broker, with its controller, inside this JVM: one node, on 127.0.0.1, without
 * replication. A broker that starts again on the same directory has the topics, records and
 * transactions that it had. Topics are not created by being used.
 *
 * <p>Close clients before the broker, else they fill the log with refused connections. Kafka halts
 * the JVM when its directory fails under it, as it does in a process of its own.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final String LOCK_FILE = "starfire.lock";
  private static final long ADMIN_TIMEOUT_SECONDS = 30;

  private final DirectoryLock lock;
  private final BrokerProcess broker;
  private boolean closed;

  private EmbeddedKafka(DirectoryLock lock, BrokerProcess broker) {
    this.lock = lock;
    this.broker = broker;
  }

  /** Starts on a port that is free. See {@link Builder#start}. */
  public static EmbeddedKafka start(Path directory) {
    return builder(directory).start();
  }

  /** For a broker with a port or properties of its own. */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  /** What a client needs as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return BrokerProperties.HOST + ":" + broker.port();
  }

  /** The port that clients connect to. */
  public int port() {
    return broker.port();
  }

  /** Of this directory's cluster: the same after each restart. */
  public String clusterId() {
    return broker.clusterId();
  }

  /** Creates a topic with the broker's default configuration. */
  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /**
   * Creates a topic and waits until it is there.
   *
   * @param configs topic configuration, such as {@code cleanup.policy}
   * @throws StarfireException with CONFLICT if the topic exists, INVALID_INPUT if the broker
   *     refuses it
   */
  public void createTopic(String name, int partitions, Map<String, String> configs) {
    NewTopic topic =
        new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(Map.copyOf(configs));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers()))) {
      admin.createTopics(List.of(topic)).all().get(ADMIN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      awaitVisible(admin, name);
      awaitLeaders(admin, name, partitions);
    } catch (ExecutionException e) {
      throw notCreated(name, partitions, e.getCause());
    } catch (TimeoutException e) {
      throw new StarfireException(
          ErrorCode.TIMEOUT,
          "topic '%s' was not created within %d s".formatted(name, ADMIN_TIMEOUT_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "interrupted while topic '%s' was being created".formatted(name), e);
    }
  }

  /** The controller answers before the broker has heard of the topic: a moment passes between. */
  private static void awaitVisible(Admin admin, String name)
      throws ExecutionException, InterruptedException, TimeoutException {
    long startNanos = System.nanoTime();
    while (!admin
        .listTopics()
        .names()
        .get(ADMIN_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .contains(name)) {
      if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(ADMIN_TIMEOUT_SECONDS)) {
        throw new TimeoutException("the broker does not list the topic");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /**
   * A listed topic may have partitions whose leader does not take records yet. A producer with
   * several requests under way could then have the second taken and the first refused, and never
   * get the order right again. Only a leader tells the end of its log.
   */
  private static void awaitLeaders(Admin admin, String name, int partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
    }
    admin.listOffsets(ends).all().get(ADMIN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static StarfireException notCreated(String name, int partitions, Throwable cause) {
    ErrorCode code =
        cause instanceof TopicExistsException ? ErrorCode.CONFLICT : ErrorCode.INVALID_INPUT;
    return new StarfireException(
        code,
        "topic '%s' with %d partitions could not be created: %s"
            .formatted(name, partitions, cause.getMessage()),
        cause);
  }

  /** Stops the broker in order, and gives the directory free. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      broker.close();
    }
  }

  /** Settings of a broker that is about to start. Not thread-safe. */
  public static final class Builder {
    private final Path directory;
    private final Map<String, String> properties = new HashMap<>();
    private int port;

    private Builder(Path directory) {
      this.directory = requireNonNull(directory, "directory").toAbsolutePath();
    }

    /** The port for clients; 0, the default, takes one that is free. */
    public Builder port(int clientPort) {
      if (clientPort < 0 || clientPort > 65_535) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "a port must be 1 to 65535, or 0 for a free one, got " + clientPort);
      }
      this.port = clientPort;
      return this;
    }

    /** A property of Kafka's broker, over the value that this class would choose. */
    public Builder property(String name, String value) {
      properties.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /**
     * Formats the directory if it is new, and starts; the broker takes requests when this returns.
     *
     * @throws StarfireException with CONFLICT if the directory or the port is in use, UNAVAILABLE
     *     if the broker does not start
     */
    public EmbeddedKafka start() {
      DirectoryLock lock = null;
      try {
        lock =
            DirectoryLock.take(
                directory,
                LOCK_FILE,
                "the Kafka directory %s is in use by another embedded broker; stop that one or choose another directory"
                    .formatted(directory));
        BrokerProcess broker = BrokerProcess.start(directory.resolve("data"), port, properties);
        EmbeddedKafka started = new EmbeddedKafka(lock, broker);
        lock = null;
        return started;
      } catch (IOException e) {
        throw new StarfireException(
            ErrorCode.UNAVAILABLE,
            "the Kafka directory %s cannot be used: %s".formatted(directory, e.getMessage()),
            e);
      } finally {
        if (lock != null) {
          lock.close();
        }
      }
    }
  }
}
