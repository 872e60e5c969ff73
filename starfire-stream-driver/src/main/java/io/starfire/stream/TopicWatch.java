package io.starfire.stream;

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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
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

  /** A broker that comes back may not know of all its topics for a moment. */
  private static final long MISSING_PATIENCE_MILLIS = 10_000;

  private final KafkaCalls kafka;
  private final StreamContext stream;
  private final StreamTopicCheck check;
  private final TopicPartition journal;
  private final Listener listener;
  private final InstantSource clock;
  private final ScheduledExecutorService executor;
  private ScheduledFuture<?> asking;
  private boolean failing;
  private boolean done;
  private long missingSinceMillis = -1;
  private long journalEnd = -1;
  private volatile long answeredAtMillis;

  /** Who is told what is found. */
  interface Listener {
    /** A topic is not what it was; nothing more is asked. */
    void changed(Finding finding);

    /** Somebody has written to the journal. */
    void journalWritten();
  }

  private TopicWatch(
      KafkaCalls kafka,
      StreamContext stream,
      StreamTopicCheck check,
      TopicPartition journal,
      Listener listener) {
    this.kafka = kafka;
    this.stream = stream;
    this.check = check;
    this.journal = journal;
    this.listener = listener;
    this.clock = stream.clock();
    this.answeredAtMillis = clock.millis();
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "starfire-topics");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts asking; the connection stays the caller's. */
  static TopicWatch start(
      KafkaCalls kafka,
      StreamContext stream,
      StreamTopicCheck check,
      TopicPartition journal,
      Duration every,
      Listener listener) {
    TopicWatch watch = new TopicWatch(kafka, stream, check, journal, listener);
    watch.asking =
        watch.executor.scheduleWithFixedDelay(
            watch::round, 0, every.toMillis(), TimeUnit.MILLISECONDS);
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

  private void round() {
    if (done) {
      return;
    }
    try {
      ask();
      failing = false;
      answeredAtMillis = clock.millis();
    } catch (StarfireException | ExecutionException | TimeoutException e) {
      if (!failing && !executor.isShutdown()) {
        LOG.warn("the brokers do not say how the stream's topics are: {}", e.toString());
      }
      failing = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // A scheduled task that throws is never run again, and nobody would hear of it.
      LOG.error("the watch over the stream's topics failed; it goes on", e);
    }
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
    boolean written = journalEnd >= 0 && end != journalEnd;
    journalEnd = end;
    if (written) {
      listener.journalWritten();
    }
  }

  private void found(Finding finding, long nowMillis) {
    if (finding instanceof Finding.Missing) {
      if (missingSinceMillis < 0) {
        missingSinceMillis = nowMillis;
      }
      if (nowMillis - missingSinceMillis < MISSING_PATIENCE_MILLIS) {
        return;
      }
    }
    done = true;
    listener.changed(finding);
  }

  @Override
  public void close() {
    asking.cancel(true);
    executor.shutdownNow();
  }
}
