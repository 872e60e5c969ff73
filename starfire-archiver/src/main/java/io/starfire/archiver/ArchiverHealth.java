package io.starfire.archiver;

import io.starfire.common.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether an archiver makes progress. The archiver notes what it has done, and another thread asks.
 * Thread-safe.
 *
 * <p>It has stalled if for the stall timeout: no broker answered; it hangs in one step, for example
 * in a write to the file system; or records are left that are not listed, and none was listed.
 */
final class ArchiverHealth {
  private final String bootstrapServers;
  private final Duration stallTimeout;
  private final Duration rollInterval;
  private final Ticker ticker;
  private volatile long answeredAtNanos;
  private volatile boolean isUnanswered;
  private volatile long listedAtNanos;
  private volatile boolean isBehind;

  /**
   * @param rollInterval for how long records may wait in an open file
   */
  ArchiverHealth(
      String bootstrapServers, Duration stallTimeout, Duration rollInterval, Ticker ticker) {
    this.bootstrapServers = bootstrapServers;
    this.stallTimeout = stallTimeout;
    this.rollInterval = rollInterval;
    this.ticker = ticker;
    this.answeredAtNanos = ticker.nanoTime();
    this.listedAtNanos = ticker.nanoTime();
  }

  /** The brokers have answered. */
  void noteAnswer() {
    answeredAtNanos = ticker.nanoTime();
    isUnanswered = false;
  }

  /** The brokers have not answered. */
  void noteSilence() {
    isUnanswered = true;
  }

  /** Something was listed. */
  void noteListed() {
    listedAtNanos = ticker.nanoTime();
  }

  /**
   * Notes whether the archive is behind the logs.
   *
   * @param behind whether offsets below the ends of the logs, as last asked for, are not listed
   */
  void noteBehind(boolean behind) {
    if (!behind || !isBehind) {
      listedAtNanos = ticker.nanoTime();
    }
    isBehind = behind;
  }

  /**
   * What is wrong, as a sentence; empty if nothing is.
   *
   * @param inStep for how long the present step has been running
   */
  Optional<String> problem(Duration inStep) {
    Duration unanswered = since(answeredAtNanos);
    if (isUnanswered && isOver(unanswered, stallTimeout)) {
      return Optional.of(
          "no Kafka broker at %s has answered for %s; nothing can be archived"
              .formatted(bootstrapServers, seconds(unanswered)));
    }
    if (isOver(inStep, stallTimeout)) {
      return Optional.of(
          "the archiver has not moved for %s; it waits for the file system of the archive, or for a broker"
              .formatted(seconds(inStep)));
    }
    Duration unlisted = since(listedAtNanos);
    if (isBehind && isOver(unlisted, stallTimeout.plus(rollInterval))) {
      return Optional.of(
          "records are left that are not archived, and none was for %s; a transaction that stays open holds back what comes after it"
              .formatted(seconds(unlisted)));
    }
    return Optional.empty();
  }

  private Duration since(long thenNanos) {
    return Duration.ofNanos(ticker.nanoTime() - thenNanos);
  }

  private static boolean isOver(Duration time, Duration limit) {
    return time.compareTo(limit) >= 0;
  }

  private static Duration seconds(Duration time) {
    return Duration.ofSeconds(time.toSeconds());
  }
}
