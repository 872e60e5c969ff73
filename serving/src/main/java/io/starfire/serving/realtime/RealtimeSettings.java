package io.starfire.serving.realtime;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.KafkaProperties;
import io.starfire.common.StarfireException;
import io.starfire.event.RowTimes;
import io.starfire.kafka.DeadLetterLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Limits and places of a real-time node. Immutable; made by {@link #builder}.
 *
 * @param directory for persisted pieces; of this node alone, emptied when it starts
 * @param kafka properties of all Kafka clients; {@code bootstrap.servers} at least
 * @param maxRowsInMemory rows in memory, per Kafka partition, at which a piece is persisted
 * @param maxBytesInMemory heap, per Kafka partition, at which a piece is persisted
 * @param persistPeriod age of its first row at which a piece is persisted
 * @param handOffRows events, per Kafka partition, at which what is not committed is handed off
 * @param handOffPeriod age of the oldest event that is not committed at which it is handed off
 * @param maxConcurrentPersists pieces written at a time; further reading waits when twice as many
 *     are due
 * @param maxHeapBytes of rows in memory, over all data sources; reading waits above it
 * @param continueAfterDataLoss whether to read on behind a gap in the log, once it is reported
 * @param deadLetterTopic for rejected records of all data sources; empty for a topic of its own for
 *     each, {@code <data source>-dead-letters}
 * @param deadLetterLimit how much of a record a dead letter holds
 * @param rejectOlderThan age of an event time, against the clock, beyond which a row is rejected;
 *     empty for none
 * @param rowTimes the rule for times of rows, against the clock; what breaks it is rejected
 * @param retryBackoff between attempts at what failed
 * @param topicCheckPeriod between looks at the topic's id and its number of partitions
 * @param unhealthyAfter how long a data source may stand still until the server is unhealthy
 * @param maxDiscoveredDimensions of one data source whose dimensions are discovered; a record that
 *     would bring more is rejected
 * @param retiredPieceGrace for which rows that another node committed stay, for queries under way
 */
public record RealtimeSettings(
    Path directory,
    Map<String, String> kafka,
    int maxRowsInMemory,
    long maxBytesInMemory,
    Duration persistPeriod,
    long handOffRows,
    Duration handOffPeriod,
    int maxConcurrentPersists,
    long maxHeapBytes,
    boolean continueAfterDataLoss,
    Optional<String> deadLetterTopic,
    DeadLetterLimit deadLetterLimit,
    Optional<Duration> rejectOlderThan,
    RowTimes rowTimes,
    Duration retryBackoff,
    Duration topicCheckPeriod,
    Duration unhealthyAfter,
    int maxDiscoveredDimensions,
    Duration retiredPieceGrace) {
  public RealtimeSettings {
    requireNonNull(directory, "directory");
    kafka = Map.copyOf(kafka);
    requireNonNull(deadLetterTopic, "deadLetterTopic");
    requireNonNull(deadLetterLimit, "deadLetterLimit");
    requireNonNull(rejectOlderThan, "rejectOlderThan");
    requireNonNull(rowTimes, "rowTimes");
    if (!kafka.containsKey("bootstrap.servers")) {
      throw invalid("realtime: the Kafka property bootstrap.servers is missing");
    }
    for (String name : kafka.keySet()) {
      if (KafkaProperties.isOwned(name) || KafkaProperties.loadsCode(name)) {
        throw invalid(
            "realtime: the Kafka property '%s' is set by Starfire and must not be configured"
                .formatted(name));
      }
    }
    positive("maxRowsInMemory", maxRowsInMemory);
    positive("maxBytesInMemory", maxBytesInMemory);
    positive("persistPeriod", persistPeriod.toMillis());
    positive("handOffRows", handOffRows);
    positive("handOffPeriod", handOffPeriod.toMillis());
    positive("maxConcurrentPersists", maxConcurrentPersists);
    positive("maxHeapBytes", maxHeapBytes);
    positive("retryBackoff", retryBackoff.toMillis());
    positive("maxDiscoveredDimensions", maxDiscoveredDimensions);
    positive("topicCheckPeriod", topicCheckPeriod.toMillis());
    positive("unhealthyAfter", unhealthyAfter.toMillis());
    rejectOlderThan.ifPresent(age -> positive("rejectOlderThan", age.toMillis()));
  }

  /** Starts from the defaults. */
  public static Builder builder(Path directory, Map<String, String> kafka) {
    return new Builder(directory, kafka);
  }

  /** Starts from these settings, with other properties of Kafka. */
  public Builder toBuilder(Map<String, String> otherKafka) {
    Builder builder = new Builder(directory, otherKafka);
    builder.persistAt(maxRowsInMemory, maxBytesInMemory, persistPeriod);
    builder.handOffAt(handOffRows, handOffPeriod);
    builder.maxConcurrentPersists = maxConcurrentPersists;
    builder.maxHeapBytes = maxHeapBytes;
    builder.continueAfterDataLoss = continueAfterDataLoss;
    builder.deadLetterTopic = deadLetterTopic;
    builder.deadLetterLimit = deadLetterLimit;
    builder.rejectOlderThan = rejectOlderThan;
    builder.rowTimes = rowTimes;
    builder.retryBackoff = retryBackoff;
    builder.topicCheckPeriod = topicCheckPeriod;
    builder.unhealthyAfter = unhealthyAfter;
    builder.maxDiscoveredDimensions = maxDiscoveredDimensions;
    builder.retiredPieceGrace = retiredPieceGrace;
    return builder;
  }

  String deadLetterTopicOf(String dataSource) {
    return deadLetterTopic.orElse(dataSource + "-dead-letters");
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw invalid("realtime: %s must be above 0, got %d".formatted(name, value));
    }
  }

  private static StarfireException invalid(String message) {
    return new StarfireException(ErrorCode.INVALID_INPUT, message);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private final Path directory;
    private final Map<String, String> kafka;
    private int maxRowsInMemory = 500_000;
    private long maxBytesInMemory = 64L << 20;
    private Duration persistPeriod = Duration.ofMinutes(5);
    private long handOffRows = 5_000_000;
    private Duration handOffPeriod = Duration.ofMinutes(30);
    private int maxConcurrentPersists = 2;
    private long maxHeapBytes = Runtime.getRuntime().maxMemory() / 4;
    private boolean continueAfterDataLoss;
    private Optional<String> deadLetterTopic = Optional.empty();
    private DeadLetterLimit deadLetterLimit = new DeadLetterLimit(256 << 10);
    private Optional<Duration> rejectOlderThan = Optional.empty();
    private RowTimes rowTimes = new RowTimes(Duration.ofDays(1));
    private Duration retryBackoff = Duration.ofSeconds(5);
    private Duration topicCheckPeriod = Duration.ofSeconds(5);
    private Duration unhealthyAfter = Duration.ofMinutes(5);
    private int maxDiscoveredDimensions = 1_000;
    private Duration retiredPieceGrace = Duration.ofMinutes(1);

    private Builder(Path directory, Map<String, String> kafka) {
      this.directory = directory;
      this.kafka = new HashMap<>(kafka);
    }

    /** When a piece is persisted: rows and estimated heap bytes of one, and its age. */
    public Builder persistAt(int rows, long bytes, Duration age) {
      maxRowsInMemory = rows;
      maxBytesInMemory = bytes;
      persistPeriod = age;
      return this;
    }

    /** When what is not committed is handed off: events of one Kafka partition, and their age. */
    public Builder handOffAt(long rows, Duration age) {
      handOffRows = rows;
      handOffPeriod = age;
      return this;
    }

    public Builder maxConcurrentPersists(int pieces) {
      maxConcurrentPersists = pieces;
      return this;
    }

    public Builder maxHeapBytes(long bytes) {
      maxHeapBytes = bytes;
      return this;
    }

    public Builder continueAfterDataLoss(boolean goOn) {
      continueAfterDataLoss = goOn;
      return this;
    }

    /** How much of a record a dead letter holds. */
    public Builder deadLetterLimit(DeadLetterLimit limit) {
      deadLetterLimit = limit;
      return this;
    }

    public Builder deadLetterTopic(String topic) {
      deadLetterTopic = Optional.of(topic);
      return this;
    }

    public Builder rejectOlderThan(Duration age) {
      rejectOlderThan = Optional.of(age);
      return this;
    }

    public Builder rowTimes(RowTimes rule) {
      rowTimes = rule;
      return this;
    }

    public Builder retryBackoff(Duration pause) {
      retryBackoff = pause;
      return this;
    }

    public Builder topicCheckPeriod(Duration period) {
      topicCheckPeriod = period;
      return this;
    }

    public Builder unhealthyAfter(Duration limit) {
      unhealthyAfter = limit;
      return this;
    }

    public Builder maxDiscoveredDimensions(int dimensions) {
      maxDiscoveredDimensions = dimensions;
      return this;
    }

    public Builder retiredPieceGrace(Duration grace) {
      retiredPieceGrace = grace;
      return this;
    }

    /**
     * Makes the settings.
     *
     * @throws StarfireException with INVALID_INPUT if a value is out of bounds
     */
    public RealtimeSettings build() {
      return new RealtimeSettings(
          directory,
          kafka,
          maxRowsInMemory,
          maxBytesInMemory,
          persistPeriod,
          handOffRows,
          handOffPeriod,
          maxConcurrentPersists,
          maxHeapBytes,
          continueAfterDataLoss,
          deadLetterTopic,
          deadLetterLimit,
          rejectOlderThan,
          rowTimes,
          retryBackoff,
          topicCheckPeriod,
          unhealthyAfter,
          maxDiscoveredDimensions,
          retiredPieceGrace);
    }
  }
}
