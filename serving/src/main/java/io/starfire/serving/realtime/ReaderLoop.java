package io.starfire.serving.realtime;

import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicAdmin;
import io.starfire.kafka.TopicFact;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.serving.role.RealtimeCoordination;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
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
 * The reading thread of one data source: connects to the topic, reads, and connects again, after a
 * pause, when something fails. {@link #stop} may be called by any thread.
 */
final class ReaderLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderLoop.class);

  private final LiveDataSource live;
  private final RealtimeSettings settings;
  private final RealtimeCoordination coordination;
  private final TopicAdmin admin;
  private final TopicIdentity identity;
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
      boolean fromEarliest,
      Supplier<TopicReader> readers,
      InstantSource clock) {
    this.live = live;
    this.settings = settings;
    this.coordination = coordination;
    this.admin = admin;
    this.identity = identity;
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

  @Override
  public void run() {
    while (!isStopped()) {
      try {
        connectAndRead();
      } catch (WakeupException | InterruptException e) {
        // Only stop() wakes the consumer up; the loop's condition says so.
        LOG.debug("woken up", e);
      } catch (OffsetOutOfRangeException e) {
        refused = partitions(e);
      } catch (RuntimeException e) {
        failed(e);
      } catch (Error e) {
        // Out of memory, or a defect: what the chains hold may be torn, so nothing is added to it.
        live.errors().report("reading topic '%s' ended for good".formatted(live.topic()), e);
        live.state(RealtimeState.STOPPED, "reading ended for good, restart the node: " + e);
        throw e;
      }
      pause();
    }
    live.state(RealtimeState.STOPPED, "closed");
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
    reader
        .ends(topic.partitions())
        .forEach(
            (partition, end) ->
                coordination.commit(
                    new RealtimeCommit(
                        dataSource, live.topic(), topic.id(), partition, end, end, List.of())));
    return coordination.committedOffsets(dataSource, live.topic());
  }

  /** Until the topic is gone, is another one, or has got more partitions. */
  private void read(TopicReader reader, TopicFact topic) {
    long nextCheck = clock.millis() + settings.topicCheckPeriod().toMillis();
    while (!isStopped()) {
      reader.poll();
      if (clock.millis() >= nextCheck) {
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
    Optional<String> problem = identity.check(topic.get().id());
    if (problem.isPresent()) {
      live.state(RealtimeState.TOPIC_REPLACED, problem.get());
      live.discardChains();
      return false;
    }
    return true;
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

  private void pause() {
    try {
      var unused = stopped.await(settings.retryBackoff().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopped.countDown();
      Thread.currentThread().interrupt();
    }
  }
}
