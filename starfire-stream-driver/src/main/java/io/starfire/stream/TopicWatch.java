package io.starfire.stream;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.stream.StreamTopicCheck.Finding;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again and again whether the stream's topics are what they were, and where the logs of the
 * raw partitions end, open transactions included. A request that fails changes nothing, so that a
 * broker that cannot be reached makes no partition idle and confirms none. Thread-safe.
 */
final class TopicWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /**
   * A broker that comes back may not know of all its topics for a moment. The stall timeout bounds
   * this too.
   */
  private static final Duration MISSING_PATIENCE = Duration.ofSeconds(10);

  private final KafkaCalls kafka;
  private final StreamContext stream;
  private final StreamTopicCheck check;
  private final TopicPartition journal;
  private final Listener listener;
  private final InstantSource clock;
  private final BackgroundLoop loop;
  private volatile boolean closed;
  private long missingSinceMillis = -1;
  private long journalEnd = -1;
  private volatile long answeredAtMillis;

  /** Who is told what is found. */
  interface Listener {
    /** A topic is not what it was; nothing more is asked. */
    void changed(Finding finding);

    /** Somebody has written to the journal. */
    void journalWritten();

    /** Nothing more is asked, because of an error. */
    void failed(StarfireException failure);
  }

  private TopicWatch(
      KafkaCalls kafka,
      StreamContext stream,
      StreamTopicCheck check,
      TopicPartition journal,
      Duration every,
      Listener listener) {
    this.kafka = kafka;
    this.stream = stream;
    this.check = check;
    this.journal = journal;
    this.listener = listener;
    this.clock = stream.clock();
    this.answeredAtMillis = clock.millis();
    this.loop =
        BackgroundLoop.named("starfire-topics", this::round)
            .every(every)
            .retryAfter(every, LONGEST_PAUSE)
            .onFailed(this::loopFailed)
            .build();
  }

  /** Starts asking; the connection stays the caller's. */
  static TopicWatch start(
      KafkaCalls kafka,
      StreamContext stream,
      StreamTopicCheck check,
      TopicPartition journal,
      Duration every,
      Listener listener) {
    TopicWatch watch = new TopicWatch(kafka, stream, check, journal, every, listener);
    watch.loop.start();
    return watch;
  }

  /** When the brokers last answered. */
  long answeredAtMillis() {
    return answeredAtMillis;
  }

  /** Asks at once; empty if all is as it was, or if no broker answers. */
  Optional<Finding> diagnose() {
    try {
      return check.compare(TopicFact.of(kafka, check.topics()));
    } catch (StarfireException e) {
      LOG.debug("topics could not be described", e);
      return Optional.empty();
    }
  }

  private void round() throws InterruptedException {
    try {
      ask();
      answeredAtMillis = clock.millis();
    } catch (StarfireException | ExecutionException | TimeoutException e) {
      if (!closed) {
        throw new StarfireException(
            ErrorCode.UNAVAILABLE,
            "the brokers do not say how the stream's topics are: " + reason(e),
            e);
      }
    }
  }

  private static String reason(Exception e) {
    if (e instanceof TimeoutException) {
      return "no answer within %d s".formatted(2L * TIMEOUT_MILLIS / 1_000);
    }
    return e instanceof ExecutionException && e.getCause() != null
        ? e.getCause().getMessage()
        : e.getMessage();
  }

  private void loopFailed(Throwable cause) {
    listener.failed(
        new StarfireException(
            ErrorCode.INTERNAL,
            "the watch over the topics of the stream '%s' ended: %s"
                .formatted(stream.topics().applicationId(), cause),
            cause));
  }

  private void ask() throws ExecutionException, InterruptedException, TimeoutException {
    long sentAtMillis = clock.millis();
    Optional<Finding> finding = check.compare(TopicFact.of(kafka, check.topics()));
    if (finding.isPresent()) {
      found(finding.get(), sentAtMillis);
      return;
    }
    missingSinceMillis = -1;
    stream.progress().noteConfirmed(sentAtMillis);
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    Set<TopicPartition> reading = new HashSet<>(stream.progress().reading().keySet());
    reading.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    wanted.put(journal, OffsetSpec.latest());
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        kafka
            .admin()
            .listOffsets(
                wanted,
                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(TIMEOUT_MILLIS))
            .all()
            .get(2L * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    for (TopicPartition partition : reading) {
      stream.progress().noteEnd(partition, ends.get(partition).offset(), sentAtMillis);
    }
    noteJournal(ends.get(journal).offset());
  }

  private void noteJournal(long end) {
    if (end != journalEnd) {
      // At the first look too: a reset may have come between the start and now.
      listener.journalWritten();
      journalEnd = end;
    }
  }

  private void found(Finding finding, long nowMillis) {
    if (finding instanceof Finding.Missing) {
      if (missingSinceMillis < 0) {
        missingSinceMillis = nowMillis;
      }
      Duration stall = stream.settings().stallTimeout();
      Duration patience = stall.compareTo(MISSING_PATIENCE) < 0 ? stall : MISSING_PATIENCE;
      if (nowMillis - missingSinceMillis < patience.toMillis()) {
        return;
      }
    }
    loop.requestStop();
    listener.changed(finding);
  }

  @Override
  public void close() {
    closed = true;
    loop.requestStop();
  }
}
