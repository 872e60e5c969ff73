package io.starfire.stream;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventTimes;
import io.starfire.kafka.DeadLetterLimit;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings of a stream, from {@code starfire.kafka} and {@code starfire.stream}. Immutable.
 *
 * @param bootstrapServers of Kafka
 * @param connectTimeout how long to wait for a broker before giving up the start
 * @param replicationFactor of created topics; -1 means the brokers' default
 * @param kafkaProperties for every Kafka client
 * @param prefix the text with which application ids begin
 * @param lateness how far an event may be behind and still be on time
 * @param idleTimeout a raw partition without records is idle after this time
 * @param eventTimes the rule for event times
 * @param silenceGrace how long all raw partitions may be idle before the watermark moves on
 * @param clockSkew the largest difference between the clocks of the machines that run the stream
 * @param grant the largest window of a join, on each side
 * @param grants the same for single joins, by their names
 * @param threads number of threads of this process
 * @param state where state is held
 * @param rocksDbHeapBytes how much of the heap state in RocksDB may take
 * @param stateDirectory for state; all of it is made again from Kafka
 * @param exactlyOnce true for exactly once, false for at least once
 * @param commitInterval how often work is committed
 * @param broadcastInterval the shortest time between two broadcasts of a task's watermark
 * @param partitions number of partitions of the log of each stage
 * @param dataSourcePartitions number of partitions of each data source topic that is created
 * @param retention of the topics that are created
 * @param deadLetterTopic the dead-letter topic; null means one that is named after the application
 * @param maxRecordBytes the largest size of key and value of a shuffle's record, or of a row
 * @param deadLetterLimit how much of a record a dead letter holds
 * @param register whether data sources are registered with the coordinator
 * @param coordinatorUrl of the coordinator
 * @param host the address on which health and metrics are served
 * @param port for health and metrics; 0 means any free port, -1 means none
 * @param shutdownTimeout how long a stop may take
 * @param stallTimeout a part that makes no progress for this time is not healthy
 */
public record StreamSettings(
    String bootstrapServers,
    Duration connectTimeout,
    int replicationFactor,
    Map<String, String> kafkaProperties,
    String prefix,
    Duration lateness,
    Duration idleTimeout,
    EventTimes eventTimes,
    Duration silenceGrace,
    Duration clockSkew,
    Duration grant,
    Map<String, Duration> grants,
    int threads,
    State state,
    long rocksDbHeapBytes,
    Path stateDirectory,
    boolean exactlyOnce,
    Duration commitInterval,
    Duration broadcastInterval,
    int partitions,
    int dataSourcePartitions,
    Duration retention,
    String deadLetterTopic,
    int maxRecordBytes,
    DeadLetterLimit deadLetterLimit,
    Registration register,
    String coordinatorUrl,
    String host,
    int port,
    Duration shutdownTimeout,
    Duration stallTimeout) {
  /** Of the whole heap, unless a number is configured. */
  private static final int HEAP_SHARE = 4;

  private static final int MAX_PARTITIONS = 1_000;
  private static final int MAX_THREADS = 256;
  private static final int MAX_PORT = 65_535;
  private static final int LEAST_RECORD_BYTES = 1 << 10;
  private static final int MOST_RECORD_BYTES = 64 << 20;

  /** What Kafka adds to key and value, and we to what goes to a log. */
  private static final int FRAMING_BYTES = 4 << 10;

  /** Where state is held; both are made again from the logs of the stages. */
  public enum State {
    MEMORY,
    ROCKSDB
  }

  /** What to do about the coordinator at the start. */
  public enum Registration {
    /** The data sources must be registered, or the stream does not start. */
    REQUIRED,
    /** The stream starts, and goes on trying. */
    RETRIED,
    /** The coordinator is not asked. */
    OFF
  }

  public StreamSettings {
    requireNonNull(bootstrapServers, "bootstrapServers");
    kafkaProperties = Map.copyOf(kafkaProperties);
    grants = Map.copyOf(grants);
    requireNonNull(stateDirectory, "stateDirectory");
    positive("commit-interval", commitInterval);
    positive("broadcast-interval", broadcastInterval);
    positive("idle-timeout", idleTimeout);
    positive("shutdown-timeout", shutdownTimeout);
    positive("stall-timeout", stallTimeout);
    requireAddress(coordinatorUrl);
    notNegative("lateness", lateness);
    notNegative("silence-grace", silenceGrace);
    notNegative("clock-skew", clockSkew);
    notNegative("grant", grant);
  }

  /** Reads the settings. */
  public static StreamSettings from(StarfireConfig config) {
    Map<String, Duration> grants = new TreeMap<>();
    for (String join : config.names("starfire.stream.grants")) {
      grants.put(join, config.duration(StarfireConfig.path("starfire", "stream", "grants", join)));
    }
    String guarantee = config.string("starfire.stream.processing-guarantee");
    return new StreamSettings(
        config.string("starfire.kafka.bootstrap-servers"),
        config.duration("starfire.kafka.connect-timeout"),
        config.integer("starfire.kafka.replication-factor", -1, Short.MAX_VALUE),
        config.properties("starfire.kafka.properties"),
        config.string("starfire.stream.application-id-prefix"),
        config.duration("starfire.stream.lateness"),
        config.duration("starfire.stream.idle-timeout"),
        EventTimes.from(config),
        config.duration("starfire.stream.silence-grace"),
        config.duration("starfire.stream.clock-skew"),
        config.duration("starfire.stream.grant"),
        grants,
        config.integer("starfire.stream.threads", 1, MAX_THREADS),
        config.choice("starfire.stream.state", State.class),
        config.has("starfire.stream.rocksdb-heap-bytes")
            ? config.bytes("starfire.stream.rocksdb-heap-bytes")
            : Runtime.getRuntime().maxMemory() / HEAP_SHARE,
        Path.of(config.string("starfire.stream.state-dir")),
        isExactlyOnce(guarantee),
        config.duration("starfire.stream.commit-interval"),
        config.duration("starfire.stream.broadcast-interval"),
        config.integer("starfire.stream.partitions", 1, MAX_PARTITIONS),
        config.integer("starfire.stream.data-source-partitions", 1, MAX_PARTITIONS),
        config.duration("starfire.stream.retention"),
        config.has("starfire.stream.dead-letter-topic")
            ? config.string("starfire.stream.dead-letter-topic")
            : null,
        recordBytes(config),
        DeadLetterLimit.from(config),
        config.choice("starfire.stream.register", Registration.class),
        config.string("starfire.server.coordinator-url"),
        config.string("starfire.stream.host"),
        config.integer("starfire.stream.port", -1, MAX_PORT),
        config.duration("starfire.stream.shutdown-timeout"),
        config.duration("starfire.stream.stall-timeout"));
  }

  /** No record that the stream writes is larger for Kafka than this. */
  int largestMessageBytes() {
    return Math.max(largestRecordBytes(), deadLetterLimit.largestLetterBytes());
  }

  /** The same for records of logs, data sources and changelogs. */
  int largestRecordBytes() {
    return maxRecordBytes + FRAMING_BYTES;
  }

  private static int recordBytes(StarfireConfig config) {
    long bytes = config.bytes("starfire.stream.max-record-bytes");
    if (bytes < LEAST_RECORD_BYTES || bytes > MOST_RECORD_BYTES) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.stream.max-record-bytes must be from %d to %d, got %d"
              .formatted(LEAST_RECORD_BYTES, MOST_RECORD_BYTES, bytes));
    }
    return (int) bytes;
  }

  private static boolean isExactlyOnce(String guarantee) {
    return switch (guarantee.toLowerCase(Locale.ROOT)) {
      case "exactly_once_v2" -> true;
      case "at_least_once" -> false;
      default ->
          throw new StarfireException(
              ErrorCode.INVALID_INPUT,
              "starfire.stream.processing-guarantee must be exactly_once_v2 or at_least_once, got '%s'"
                  .formatted(guarantee));
    };
  }

  private static void requireAddress(String url) {
    if (!isAddress(url)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.server.coordinator-url '%s' is no address; write it like http://127.0.0.1:8888"
              .formatted(url));
    }
  }

  private static boolean isAddress(String url) {
    try {
      URI address = new URI(url);
      return address.getHost() != null && List.of("http", "https").contains(address.getScheme());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void positive(String key, Duration value) {
    if (value.toMillis() <= 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.stream.%s must be at least 1ms, got %s".formatted(key, value));
    }
  }

  private static void notNegative(String key, Duration value) {
    if (value.isNegative()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.stream.%s must not be negative, got %s".formatted(key, value));
    }
  }
}
