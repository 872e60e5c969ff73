package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Keeps records of a topic that was created again from counting as those of the topic before.
 *
 * <p>A consumer knows topics by name. If a topic is deleted, created again and filled beyond the
 * position of the consumer, the consumer reads on in the new topic and notices nothing. So before
 * offsets are committed, the brokers are asked for the ids of their topics. Ids do not come back:
 * if the id is the known one, everything that was read before the question was of the known topic.
 * It costs one request for each commit, next to the four of a transaction. An answer is of no use
 * for a later commit: what was read after the question can be of another topic. Thread-safe.
 */
final class TopicFence {
  /** A broker that restarts does not know of all its topics for a moment. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final KafkaCalls kafka;
  private final StreamTopicCheck check;
  private final TaskBoard board;
  private volatile boolean abandoned;

  TopicFence(KafkaCalls kafka, StreamTopicCheck check, TaskBoard board) {
    this.kafka = kafka;
    this.check = check;
    this.board = board;
  }

  /** From now on nothing is committed any more. */
  void abandon() {
    abandoned = true;
  }

  /**
   * To be called before the offsets of these partitions are committed.
   *
   * @throws StarfireException with INCOMPLETE_INPUT if a topic is another one now; with CANCELED if
   *     the run was abandoned
   * @throws TimeoutException if no broker answers, or a topic stays unknown; Kafka Streams then
   *     takes the work back and does it again
   */
  void require(Set<TopicPartition> partitions) {
    Set<String> topics =
        partitions.stream()
            .map(TopicPartition::topic)
            .collect(Collectors.toCollection(TreeSet::new));
    long startNanos = System.nanoTime();
    while (!topics.isEmpty()) {
      requireNotAbandoned();
      Map<String, TopicFact> now = describe(topics);
      check.requireSame(now);
      topics.removeAll(now.keySet());
      if (!topics.isEmpty()) {
        waitFor(topics, startNanos);
      }
    }
  }

  /** A commit would wait for the topics too, and nothing could end its wait. */
  private void waitFor(Set<String> topics, long startNanos) {
    if (board.isClosing() || System.nanoTime() - startNanos >= PATIENCE.toNanos()) {
      throw new TimeoutException("topics %s are not there".formatted(topics));
    }
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private void requireNotAbandoned() {
    if (abandoned) {
      throw new StarfireException(
          ErrorCode.CANCELED,
          "the stream has failed; what was not committed before is done again at the next start");
    }
  }

  private Map<String, TopicFact> describe(Set<String> topics) {
    return Failures.orTimeout(() -> TopicFact.of(kafka, topics));
  }
}
