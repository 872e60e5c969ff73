package io.starfire.serving.realtime;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicAdmin;
import io.starfire.protocol.CommitOutcome;
import io.starfire.serving.role.RealtimeCoordination;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the second thread of a data source does: seals pieces by age, hands off what is due, and
 * drops what is handed off. {@link #stop} may be called by any thread.
 */
final class HandOffLoop {
  private static final Logger LOG = LoggerFactory.getLogger(HandOffLoop.class);

  private final LiveDataSource live;
  private final RealtimeSettings settings;
  private final RealtimeCoordination coordination;
  private final HandOff handOff;
  private final DeadLetterSender deadLetters;
  private final Persister persister;
  private final TopicAdmin admin;
  private final TopicIdentity identity;
  private final RealtimeMetrics metrics;
  private final InstantSource clock;
  private volatile boolean stopping;
  private final Lock committing = new ReentrantLock();

  /** What the coordinator was asked, by commit: whether its rows may be dropped. */
  private final Map<CommitOutcome, CompletableFuture<Void>> answers = new HashMap<>();

  /** When a partition's hand-off, or the question whether it is done, is tried again. */
  private final Map<Integer, Long> notBefore = new HashMap<>();

  HandOffLoop(
      LiveDataSource live,
      RealtimeSettings settings,
      RealtimeCoordination coordination,
      HandOff handOff,
      DeadLetterSender deadLetters,
      Persister persister,
      TopicAdmin admin,
      TopicIdentity identity,
      RealtimeMetrics metrics,
      InstantSource clock) {
    this.live = live;
    this.settings = settings;
    this.coordination = coordination;
    this.handOff = handOff;
    this.deadLetters = deadLetters;
    this.persister = persister;
    this.admin = admin;
    this.identity = identity;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Nothing is committed once this returns; a commit that is under way is waited for. */
  void stop() {
    stopping = true;
    committing.lock();
    try {
      LOG.debug("{}: nothing more is committed", live.schema().name());
    } finally {
      committing.unlock();
    }
  }

  /** Looks after all partitions once. */
  void step() {
    if (live.hasEnded()) {
      // The thread that reads died within a piece, which may hold rows beyond its end.
      return;
    }
    for (PartitionChain chain : live.chains()) {
      tend(chain);
    }
    answers.keySet().retainAll(held());
  }

  private void tend(PartitionChain chain) {
    long now = clock.millis();
    chain.sealIf(piece -> piece.ageMillis(now) >= settings.persistPeriod().toMillis());
    persister.submitDue(chain);
    if (now < notBefore.getOrDefault(chain.kafkaPartition(), Long.MIN_VALUE)) {
      return;
    }
    if (live.isSuspended() && !chain.isDrained()) {
      chain.requestHandOff();
    }
    try {
      drop(chain);
      Optional<HandOffRange> range = chain.handOffRange(settings, now);
      persister.submitDue(chain);
      if (range.isPresent()) {
        handOff(chain, range.get());
      }
    } catch (RuntimeException e) {
      metrics.handOffFailed();
      notBefore.put(chain.kafkaPartition(), clock.millis() + settings.retryBackoff().toMillis());
      live.errors()
          .report(
              "partition %d of topic '%s' could not be handed off; trying again"
                  .formatted(chain.kafkaPartition(), live.topic()),
              e);
    }
  }

  private void handOff(PartitionChain chain, HandOffRange range) {
    List<PendingDeadLetter> letters = new ArrayList<>();
    for (Piece piece : range.pieces()) {
      letters.addAll(piece.deadLetters());
    }
    deadLetters.requireDelivered(letters);
    handOff.push(range);
    String topicId = checkedTopicId();
    committing.lock();
    try {
      if (!stopping) {
        commit(chain, range, topicId);
      }
    } finally {
      committing.unlock();
    }
  }

  private void commit(PartitionChain chain, HandOffRange range, String topicId) {
    CommitOutcome outcome = handOff.commit(range, topicId);
    if (outcome.committed()) {
      chain.committed(range, outcome);
      metrics.handedOff();
      LOG.info(
          "{}: committed [{}, {}) of partition {} as {} segments",
          live.schema().name(),
          range.start(),
          range.end(),
          range.kafkaPartition(),
          outcome.segments().size());
    } else {
      chain.lostRace(outcome.committedOffset(), clock.millis());
      metrics.handOffRefused();
      LOG.info(
          "{}: [{}, {}) of partition {} was not committed: the committed offset is {}; going on"
              + " from there",
          live.schema().name(),
          range.start(),
          range.end(),
          range.kafkaPartition(),
          outcome.committedOffset());
    }
  }

  /**
   * The id of the topic that all rows so far were read from: ids do not come back, so a topic that
   * has the right one now had it all along.
   */
  private String checkedTopicId() {
    String id =
        admin
            .describe(live.topic())
            .orElseThrow(
                () ->
                    new StarfireException(
                        ErrorCode.NOT_FOUND, "topic '%s' does not exist".formatted(live.topic())))
            .id();
    Optional<String> expected = identity.expectedInsteadOf(id);
    if (expected.isPresent()) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "topic '%s' was deleted and created again: rows of the topic with id %s cannot be committed now that it has id %s"
              .formatted(live.topic(), expected.get(), id));
    }
    return id;
  }

  private void drop(PartitionChain chain) {
    for (CommitOutcome outcome : chain.outcomesHeld()) {
      if (isHandedOff(outcome)) {
        // At once: the question about the next outcome may fail.
        chain.drop(piece -> outcome.equals(piece.outcome())).forEach(PersistedFiles::delete);
      }
    }
    long now = clock.millis();
    long grace = settings.retiredPieceGrace().toMillis();
    chain
        .drop(piece -> piece.isRetired() && piece.retiredForMillis(now) >= grace)
        .forEach(PersistedFiles::delete);
  }

  /** Asks the coordinator once. If the answer is an error, asks again when it is tried again. */
  private boolean isHandedOff(CommitOutcome outcome) {
    CompletableFuture<Void> answer = answers.computeIfAbsent(outcome, coordination::whenHandedOff);
    if (!answer.isDone()) {
      return false;
    }
    try {
      answer.join();
      return true;
    } catch (CompletionException e) {
      answers.remove(outcome);
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private Set<CommitOutcome> held() {
    Set<CommitOutcome> held = new HashSet<>();
    live.chains().forEach(chain -> held.addAll(chain.outcomesHeld()));
    return held;
  }
}
