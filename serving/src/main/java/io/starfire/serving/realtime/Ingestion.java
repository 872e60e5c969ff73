package io.starfire.serving.realtime;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicAdmin;
import io.starfire.kafka.TopicFact;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.role.RealtimeCoordination;
import io.starfire.serving.role.TopicNow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The threads and clients of one data source. Thread-safe. */
final class Ingestion implements AutoCloseable {
  private static final Duration HAND_OFF_TICK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(30);

  private volatile TopicFeed feed;
  private final LiveDataSource live;
  private final RealtimeMetrics metrics;
  private final TopicAdmin admin;
  private final DeadLetterSender deadLetters;
  private final ReaderLoop readerLoop;
  private final HandOffLoop handOffLoop;
  private final BackgroundLoop reading;
  private final BackgroundLoop handingOff;

  /** What the data sources of a node share. */
  record Shared(
      RealtimeCoordination coordination,
      DeepStorage deepStorage,
      Executor persistExecutor,
      LongSupplier nodeHeapBytes,
      AtomicLong fileNumbers,
      InstantSource clock) {}

  Ingestion(Shared shared, TopicFeed feed, boolean suspended, RealtimeMetrics metrics) {
    RealtimeSettings settings = feed.settings();
    String dataSource = feed.dataSource();
    String topic = feed.topic();
    String clientId = "starfire-realtime-" + dataSource;
    Path directory = settings.directory().resolve(dataSource);
    ErrorLog errors = new ErrorLog(dataSource, shared.clock());
    this.feed = feed;
    this.metrics = metrics;
    this.live = new LiveDataSource(() -> this.feed.schema().get(), topic, errors, shared.clock());
    live.suspend(suspended);
    this.admin = new TopicAdmin(settings.kafka(), clientId);
    this.deadLetters =
        new DeadLetterSender(
            settings.kafka(),
            clientId,
            settings.deadLetterTopicOf(dataSource),
            settings.deadLetterLimit());
    TopicIdentity identity = new TopicIdentity(dataSource, topic, shared.coordination());
    Persister persister =
        new Persister(
            directory,
            settings,
            shared.clock(),
            shared.persistExecutor(),
            shared.fileNumbers(),
            metrics,
            errors);
    DiscoveredDimensions discovered = new DiscoveredDimensions(this::feed, shared.coordination());
    this.readerLoop =
        new ReaderLoop(
            live,
            settings,
            shared.coordination(),
            admin,
            identity,
            new TopicReplacement(live, shared.coordination(), admin, metrics, shared.clock()),
            feed.fromEarliest(),
            () ->
                new TopicReader(
                    live,
                    settings,
                    feed.decoder(),
                    discovered,
                    deadLetters,
                    persister,
                    metrics,
                    shared.clock(),
                    shared.nodeHeapBytes()),
            shared.clock());
    this.handOffLoop =
        new HandOffLoop(
            live,
            settings,
            shared.coordination(),
            new HandOff(dataSource, topic, shared.coordination(), shared.deepStorage(), directory),
            deadLetters,
            persister,
            admin,
            identity,
            metrics,
            shared.clock());
    this.reading =
        BackgroundLoop.named(clientId + "-read", readerLoop::step)
            .every(settings.retryBackoff())
            .onFailed(e -> ended("reading topic '%s'".formatted(topic), e))
            .build();
    this.handingOff =
        BackgroundLoop.named(clientId + "-handoff", handOffLoop::step)
            .every(HAND_OFF_TICK)
            .onFailed(e -> ended("handing off rows of topic '%s'".formatted(topic), e))
            .build();
    metrics.gauge("heap.bytes", live::heapBytes);
    metrics.gauge("lag.records", live::totalLag);
    metrics.gauge("paused", () -> live.isPaused() ? 1 : 0);
  }

  void start() {
    reading.start();
    handingOff.start();
  }

  /** Out of memory, or a defect: what is in memory may be torn, so that nothing is added to it. */
  private void ended(String what, Throwable e) {
    String sentence = what + " ended for good; restart the server";
    live.errors().report(sentence, e);
    live.end(sentence + ": " + e);
  }

  /** The topic as it is now, whether it is the one that is read or not. */
  TopicNow topicNow() {
    String topic = live.topic();
    TopicFact fact =
        admin
            .describe(topic)
            .orElseThrow(
                () ->
                    new StarfireException(
                        ErrorCode.NOT_FOUND, "topic '%s' does not exist".formatted(topic)));
    Map<Integer, Long> first = new TreeMap<>();
    admin
        .ranges(topic, fact.partitions())
        .forEach((partition, range) -> first.put(partition, range.start()));
    return new TopicNow(topic, fact.id(), first);
  }

  /** How the threads are. */
  List<BackgroundLoop.Status> loops() {
    return List.of(reading.status(), handingOff.status());
  }

  TopicFeed feed() {
    return feed;
  }

  /** The data source is registered with other columns; reading goes on. */
  void registered(DataSourceRegistration registration) {
    feed.decoder().registered(registration.schema());
    feed = feed.registeredAs(registration);
  }

  LiveDataSource live() {
    return live;
  }

  /**
   * From here on nothing is visible and nothing is committed; what is not committed is read from
   * Kafka again some other time. Waits for a commit that is under way, never for a broker.
   */
  void stop() {
    reading.requestStop();
    handingOff.requestStop();
    readerLoop.stop();
    handOffLoop.stop();
    live.discardChains();
    metrics.close();
  }

  /** Ends the threads and clients, after {@link #stop}. */
  @Override
  public void close() {
    stopThreads(PATIENCE);
    // What still waits for a broker that does not answer hears so now.
    admin.close();
    stopThreads(LAST_PATIENCE);
    live.discardChains();
    live.state(RealtimeState.STOPPED, "closed");
    deadLetters.close();
  }

  /** A thread that does not end in time is left to itself; the log says where it is. */
  private void stopThreads(Duration patience) {
    var unusedReading = reading.stop(patience);
    var unusedHandingOff = handingOff.stop(patience);
  }
}
