package io.starfire.serving.realtime;

import io.starfire.kafka.TopicAdmin;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.role.RealtimeCoordination;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads and clients of one data source. Thread-safe. */
final class Ingestion implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);
  private static final long PATIENCE_MILLIS = 2_000;
  private static final long JOIN_MILLIS = 30_000;

  private final TopicFeed feed;
  private final LiveDataSource live;
  private final RealtimeMetrics metrics;
  private final TopicAdmin admin;
  private final DeadLetterSender deadLetters;
  private final ReaderLoop readerLoop;
  private final HandOffLoop handOffLoop;
  private final Thread reading;
  private final Thread handingOff;

  /** What the data sources of a node share. */
  record Shared(
      RealtimeCoordination coordination,
      DeepStorage deepStorage,
      Executor persistExecutor,
      LongSupplier nodeHeapBytes,
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
    RowSchemas schemas = new RowSchemas(feed.registration().schema(), feed.catalog());
    this.live = new LiveDataSource(schemas, topic, errors);
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
            directory, settings, shared.clock(), shared.persistExecutor(), metrics, errors);
    this.readerLoop =
        new ReaderLoop(
            live,
            settings,
            shared.coordination(),
            admin,
            identity,
            feed.fromEarliest(),
            () ->
                new TopicReader(
                    live,
                    settings,
                    shared.coordination(),
                    feed.decoder(),
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
    this.reading = new Thread(readerLoop, clientId + "-read");
    this.handingOff = new Thread(handOffLoop, clientId + "-handoff");
    metrics.gauge("heap.bytes", live::heapBytes);
    metrics.gauge("lag.records", live::totalLag);
    metrics.gauge("paused", () -> live.isPaused() ? 1 : 0);
  }

  void start() {
    reading.start();
    handingOff.start();
  }

  TopicFeed feed() {
    return feed;
  }

  LiveDataSource live() {
    return live;
  }

  /** Stops reading. What is not committed is read from Kafka again some other time. */
  @Override
  public void close() {
    readerLoop.stop();
    handOffLoop.stop();
    join(reading, PATIENCE_MILLIS);
    join(handingOff, PATIENCE_MILLIS);
    // What still waits for a broker that does not answer hears so now.
    admin.close();
    join(reading, JOIN_MILLIS);
    join(handingOff, JOIN_MILLIS);
    if (reading.isAlive() || handingOff.isAlive()) {
      LOG.warn("{}: a thread did not end within {} ms", live.schema().name(), JOIN_MILLIS);
    }
    live.discardChains();
    live.state(RealtimeState.STOPPED, "closed");
    deadLetters.close();
    metrics.close();
  }

  private static void join(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
