package io.starfire.serving.realtime;

import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicAdmin;
import io.starfire.kafka.TopicFact;
import io.starfire.serving.role.RealtimeCoordination;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the reading thread of one data source does: connects to the topic, reads, and connects
 * again, after a pause, when something fails. {@link #stop} may be called by any thread.
 */
final class ReaderLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderLoop.class);

  private static final Duration IDLE = Duration.ofMillis(100);

  private final LiveDataSource live;
  private final RealtimeSettings settings;
  private final RealtimeCoordination coordination;
  private final TopicAdmin admin;
  private final TopicIdentity identity;
  private final TopicReplacement replacement;
  private final boolean fromEarliest;
  private final Supplier<TopicReader> readers;
  private final InstantSource clock;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Set<Integer> refused = Set.of();
  private volatile TopicReader current;

  ReaderLoop(
      LiveDataSource live,
      RealtimeSettings settings,
      RealtimeCoordination coordination,
      TopicAdmin admin,
      TopicIdentity identity,
      TopicReplacement replacement,
      boolean fromEarliest,
      Supplier<TopicReader> readers,
      InstantSource clock) {
    this.live = live;
    this.settings = settings;
    this.coordination = coordination;
    this.admin = admin;
    this.identity = identity;
    this.replacement = replacement;
    this.fromEarliest = fromEarliest;
    this.readers = readers;
    this.clock = clock;
  }

  void stop() {
    stopped.countDown();
    TopicReader reader = current;
    if (reader != null) {
      reader.wakeUp();
    }
  }

  /** Connects, and reads until something fails or changes. */
  void step() {
    try {
      connectAndRead();
    } catch (WakeupException | InterruptException e) {
      // Only stop() wakes the consumer up; the loop ends then.
      LOG.debug("woken up", e);
    } catch (OffsetOutOfRangeException e) {
      refused = partitions(e);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    String what = "topic '%s' could not be read; connecting again".formatted(live.topic());
    live.errors().report(what, e);
    live.state(RealtimeState.UNREACHABLE, what + ": " + e.getMessage());
  }

  private void connectAndRead() {
    Optional<TopicFact> topic = admin.describe(live.topic());
    if (!isReadable(topic)) {
      return;
    }
    admin.createIfMissing(settings.deadLetterTopicOf(live.schema().name()));
    try (TopicReader reader = readers.get()) {
      current = reader;
      reader.assign(topic.get().partitions(), starts(reader, topic.get()), refused);
      refused = Set.of();
      live.state(RealtimeState.RUNNING, "reading topic '%s'".formatted(live.topic()));
      read(reader, topic.get());
    } finally {
      current = null;
    }
  }

  /** From where to read, for each partition that is not to be read from its beginning. */
  private Map<Integer, Long> starts(TopicReader reader, TopicFact topic) {
    String dataSource = live.schema().name();
    Map<Integer, Long> committed = coordination.committedOffsets(dataSource, live.topic());
    if (fromEarliest || !committed.isEmpty() || !live.chains().isEmpty()) {
      return committed;
    }
    // Committed before anything is read, so that a restart begins where this start did.
    coordination.commitStarts(
        dataSource, live.topic(), topic.id(), reader.ends(topic.partitions()));
    return coordination.committedOffsets(dataSource, live.topic());
  }

  /** Until the topic is gone, is another one, or has got more partitions. */
  private void read(TopicReader reader, TopicFact topic) {
    long nextCheck = clock.millis() + settings.topicCheckPeriod().toMillis();
    while (!isStopped()) {
      if (!reader.poll()) {
        // All partitions are stopped, or there are none.
        pause(IDLE);
      }
      if (clock.millis() >= nextCheck) {
        reader.measureStopped();
        nextCheck = clock.millis() + settings.topicCheckPeriod().toMillis();
        if (!isUnchanged(topic)) {
          return;
        }
      }
    }
  }

  private boolean isUnchanged(TopicFact topic) {
    Optional<TopicFact> now;
    try {
      now = admin.describe(live.topic());
    } catch (StarfireException e) {
      // Rows read so far stay visible, and the consumer connects again by itself.
      failed(e);
      return true;
    }
    if (live.isUnreachable()) {
      live.state(RealtimeState.RUNNING, "reading topic '%s'".formatted(live.topic()));
    }
    return isReadable(now) && now.get().equals(topic);
  }

  private boolean isReadable(Optional<TopicFact> topic) {
    if (topic.isEmpty()) {
      live.state(
          RealtimeState.WAITING_FOR_TOPIC,
          "topic '%s' does not exist; it is looked for every %d ms"
              .formatted(live.topic(), settings.retryBackoff().toMillis()));
      return false;
    }
    Optional<String> expected = identity.expectedInsteadOf(topic.get().id());
    if (expected.isEmpty()) {
      return true;
    }
    if (!live.isReplaced()) {
      replacement.found(expected.get(), topic.get());
    }
    return false;
  }

  private static Set<Integer> partitions(OffsetOutOfRangeException e) {
    Set<Integer> numbers = new HashSet<>();
    for (TopicPartition partition : e.partitions()) {
      numbers.add(partition.partition());
    }
    return numbers;
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void pause(Duration length) {
    try {
      var unused = stopped.await(length.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopped.countDown();
      Thread.currentThread().interrupt();
    }
  }
}
