package io.starfire.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Whether a stream makes progress. It is asked at every look at the health, and compares with what
 * it saw before. Thread-safe.
 *
 * <p>A part has stalled if for the stall timeout: the brokers did not answer; no task was assigned
 * or restored while the stream starts; a task has said nothing of itself, which each does many
 * times a second if its thread is not held up; or a partition has records left and none was
 * processed.
 */
final class StreamHealth {
  private final StreamContext stream;
  private final Supplier<KafkaStreams.State> state;
  private final LongSupplier brokersAnsweredAtMillis;
  private final DataSourceRegistrar registrar;
  private final Map<TopicPartition, Seen> seen = new HashMap<>();
  private volatile long progressAtMillis;

  /** What was processed of a partition, and since when it is that. */
  private record Seen(long processed, long sinceMillis) {}

  StreamHealth(
      StreamContext stream,
      Supplier<KafkaStreams.State> state,
      LongSupplier brokersAnsweredAtMillis,
      DataSourceRegistrar registrar) {
    this.stream = stream;
    this.state = state;
    this.brokersAnsweredAtMillis = brokersAnsweredAtMillis;
    this.registrar = registrar;
    this.progressAtMillis = stream.clock().millis();
  }

  /** The start has come further. */
  void noteProgress() {
    progressAtMillis = stream.clock().millis();
  }

  /** What is wrong, as a sentence. */
  synchronized Optional<String> problem() {
    long now = stream.clock().millis();
    Duration limit = stream.settings().stallTimeout();
    if (isOver(now - brokersAnsweredAtMillis.getAsLong(), limit)) {
      return Optional.of(
          "no Kafka broker at %s has answered for %s; nothing can be read or written"
              .formatted(
                  stream.settings().bootstrapServers(),
                  since(now, brokersAnsweredAtMillis.getAsLong())));
    }
    KafkaStreams.State is = state.get();
    if (is == KafkaStreams.State.CREATED || is == KafkaStreams.State.REBALANCING) {
      return isOver(now - progressAtMillis, limit)
          ? Optional.of(
              "the stream has been starting without progress for %s: no task was assigned or restored"
                  .formatted(since(now, progressAtMillis)))
          : Optional.empty();
    }
    if (is != KafkaStreams.State.RUNNING) {
      return Optional.empty();
    }
    Optional<String> silent = silentTask(now, limit);
    return silent.isPresent() ? silent : stalledPartition(now, limit);
  }

  /** What is not wrong, and should be known. */
  Optional<String> notice() {
    return registrar.isPending()
        ? Optional.of("the coordinator has not taken the data sources yet; it is asked again")
        : Optional.empty();
  }

  private Optional<String> silentTask(long now, Duration limit) {
    for (Map.Entry<TaskBoard.Task, Long> said : stream.board().saidAtMillis().entrySet()) {
      if (isOver(now - said.getValue(), limit)) {
        return Optional.of(
            "the task of stage '%s' for partition %d has not moved for %s; its thread waits for a broker, or for a function of the pipeline"
                .formatted(
                    said.getKey().stage(), said.getKey().partition(), since(now, said.getValue())));
      }
    }
    return Optional.empty();
  }

  private Optional<String> stalledPartition(long now, Duration limit) {
    Map<TopicPartition, Long> lags = stream.progress().lags();
    seen.keySet().retainAll(lags.keySet());
    for (Map.Entry<TopicPartition, Long> lag : lags.entrySet()) {
      TopicPartition partition = lag.getKey();
      long processed = stream.progress().processed(partition);
      Seen before = seen.get(partition);
      if (before == null || before.processed() != processed || lag.getValue() == 0) {
        seen.put(partition, new Seen(processed, now));
      } else if (isOver(now - before.sinceMillis(), limit)) {
        return Optional.of(
            "topic '%s' partition %d has %d records that are not processed, and none was for %s"
                .formatted(
                    partition.topic(),
                    partition.partition(),
                    lag.getValue(),
                    since(now, before.sinceMillis())));
      }
    }
    return Optional.empty();
  }

  private static boolean isOver(long millis, Duration limit) {
    return millis >= limit.toMillis();
  }

  private static Duration since(long now, long then) {
    return Duration.ofSeconds((now - then) / 1000);
  }
}
