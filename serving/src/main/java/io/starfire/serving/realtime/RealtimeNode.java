package io.starfire.serving.realtime;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicAdmin;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.LiveRows;
import io.starfire.serving.role.RealtimeCoordination;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the topics of data sources and keeps their rows, queryable at once, until they are
 * committed and served by others. Each Kafka record is in exactly one committed segment or on the
 * dead-letter topic: a range of offsets is committed together with its segments, and what is not
 * committed is read again by the next process. The offsets of consumer groups are never used.
 *
 * <p>A record that is no row goes to the dead-letter topic and holds nothing up. Records that are
 * gone from the log before they were committed stop their partition, with the range in its status,
 * unless {@link RealtimeSettings#continueAfterDataLoss()}. A topic that was deleted and made again
 * is not read. The meters are listed at {@link RealtimeMetrics}.
 *
 * <p>Thread-safe. Two threads for each data source, and those that persist.
 */
public final class RealtimeNode implements LiveRows, AutoCloseable {
  private final RealtimeSettings settings;
  private final MeterRegistry meters;
  private final NodeDirectory directory;
  private final ExecutorService persistExecutor;
  private final Ingestion.Shared shared;
  private final Map<String, Ingestion> ingestions = new ConcurrentHashMap<>();
  private final ExecutorService closing =
      Executors.newCachedThreadPool(task -> new Thread(task, "starfire-realtime-close"));
  private boolean closed;

  /**
   * Takes the settings' directory; reads nothing until a data source is added.
   *
   * @param clock for ages of pieces and times in the status
   * @throws StarfireException with CONFLICT if another node uses the settings' directory
   */
  public RealtimeNode(
      RealtimeSettings settings,
      RealtimeCoordination coordination,
      DeepStorage deepStorage,
      MeterRegistry meters,
      InstantSource clock) {
    this.settings = requireNonNull(settings, "settings");
    this.meters = requireNonNull(meters, "meters");
    this.directory = NodeDirectory.open(settings.directory());
    AtomicInteger threads = new AtomicInteger();
    this.persistExecutor =
        Executors.newFixedThreadPool(
            settings.maxConcurrentPersists(),
            task -> new Thread(task, "starfire-realtime-persist-" + threads.incrementAndGet()));
    this.shared =
        new Ingestion.Shared(
            coordination, deepStorage, persistExecutor, this::heapBytes, new AtomicLong(), clock);
  }

  /**
   * Starts to read the topic of a data source; returns at once. Each row is decoded by the schema
   * that it was written with, so that reading goes on when a registration only changes the columns.
   * Another topic or segment granularity ends what was and starts anew from what is committed.
   *
   * @throws StarfireException with INVALID_INPUT if the registration has no topic
   */
  public synchronized void add(DataSourceRegistration registration) {
    Ingestion present = ingestions.get(registration.schema().name());
    if (present != null && goesOn(present.feed().registration(), registration)) {
      present.registered(registration);
    } else {
      add(registration, new FingerprintDecoder(registration.schema(), shared.coordination()));
    }
  }

  private static boolean goesOn(DataSourceRegistration present, DataSourceRegistration changed) {
    return present.topic().equals(changed.topic())
        && present.schema().segmentGranularity() == changed.schema().segmentGranularity();
  }

  /** As {@link #add(DataSourceRegistration)}, for a topic whose records are encoded otherwise. */
  synchronized void add(DataSourceRegistration registration, RowDecoder decoder) {
    start(new TopicFeed(registration, decoder, registration::schema, settings, true), false);
  }

  /**
   * Makes and closes the clients that reading a topic takes, so that properties that they refuse
   * are found before anything is changed. Nothing is sent.
   *
   * @throws StarfireException with INVALID_INPUT
   */
  public void checkClients(TopicFeed feed) {
    Map<String, String> kafka = feed.settings().kafka();
    String clientId = "starfire-realtime-check-" + feed.dataSource();
    new TopicAdmin(kafka, clientId).close();
    new DeadLetterSender(kafka, clientId, feed.topic(), feed.settings().deadLetterLimit()).close();
  }

  /**
   * Starts to read a topic; returns at once. What is read of the same data source is ended before,
   * and starts anew from what is committed.
   *
   * @param suspended whether nothing is read until {@link #resume}
   */
  public synchronized void start(TopicFeed feed, boolean suspended) {
    if (closed) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "the real-time node is closed");
    }
    String dataSource = feed.dataSource();
    remove(dataSource);
    Ingestion ingestion =
        new Ingestion(shared, feed, suspended, new RealtimeMetrics(meters, dataSource));
    ingestions.put(dataSource, ingestion);
    ingestion.start();
  }

  /**
   * Reads no more of a data source, and hands off all that was read. Returns at once.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public void suspend(String dataSource) {
    live(dataSource).suspend(true);
  }

  /**
   * Reads on where {@link #suspend} stopped.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public void resume(String dataSource) {
    live(dataSource).suspend(false);
  }

  /**
   * Whether all rows that were read are committed.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public boolean isDrained(String dataSource) {
    return live(dataSource).isDrained();
  }

  /** What holds for data sources that do not say otherwise. */
  public RealtimeSettings settings() {
    return settings;
  }

  /**
   * Stops reading a data source. Its rows that are not committed are no longer visible, and nothing
   * of it is committed any more. Returns at once, also when a broker does not answer.
   */
  public synchronized void remove(String dataSource) {
    Ingestion ingestion = ingestions.remove(dataSource);
    if (ingestion != null) {
      ingestion.stop();
      closing.execute(ingestion::close);
    }
  }

  /** How the threads of all data sources are. */
  public List<BackgroundLoop.Status> loops() {
    return ingestions.values().stream().flatMap(one -> one.loops().stream()).toList();
  }

  /** The data sources that are read, by name. */
  public Set<String> dataSources() {
    return new TreeSet<>(ingestions.keySet());
  }

  /**
   * What a data source is doing.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public RealtimeStatus status(String dataSource) {
    return live(dataSource).status();
  }

  /**
   * The next offset to read of each Kafka partition: the rows of all records below it are visible.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public Map<Integer, Long> positions(String dataSource) {
    return live(dataSource).positions();
  }

  /**
   * Hands off all rows read so far, whatever the limits say. Returns at once.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public void requestHandOff(String dataSource) {
    for (PartitionChain chain : live(dataSource).chains()) {
      chain.requestHandOff();
    }
  }

  /** As {@link LiveRows} says; a data source that is not read here has no live rows. */
  @Override
  public List<LivePiece> snapshot(
      String dataSource, Map<Integer, Long> committed, Interval interval) {
    Ingestion ingestion = ingestions.get(dataSource);
    return ingestion == null ? List.of() : ingestion.live().snapshot(committed, interval);
  }

  /** Estimated heap of the rows in memory, over all data sources. */
  public long heapBytes() {
    long bytes = 0;
    for (Ingestion ingestion : ingestions.values()) {
      bytes += ingestion.live().heapBytes();
    }
    return bytes;
  }

  /** Stops all reading and deletes the persisted pieces. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (String dataSource : new ArrayList<>(ingestions.keySet())) {
      remove(dataSource);
    }
    end(closing, 90);
    end(persistExecutor, 30);
    directory.close();
  }

  private static void end(ExecutorService executor, long seconds) {
    executor.shutdown();
    try {
      var unused = executor.awaitTermination(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private LiveDataSource live(String dataSource) {
    Ingestion ingestion = ingestions.get(dataSource);
    if (ingestion == null) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "data source '%s' is not read by this real-time node; it reads %s"
              .formatted(dataSource, dataSources()));
    }
    return ingestion.live();
  }
}
