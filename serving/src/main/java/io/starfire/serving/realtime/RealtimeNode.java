package io.starfire.serving.realtime;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicAdmin;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.LocalRows;
import io.starfire.serving.role.RealtimeCoordination;
import io.starfire.serving.role.TopicNow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
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
 * Reads the topics of data sources. Rows can be queried at once; the node keeps them until they are
 * committed and historicals serve them. Each Kafka record is in exactly one committed segment or on
 * the dead-letter topic: a range of offsets is committed together with its segments, and the next
 * process reads again what is not committed. The offsets of consumer groups are never used.
 *
 * <p>A record that is not a row goes to the dead-letter topic, and reading goes on. If records are
 * gone from the log before they were committed, reading of their partition stops and its status has
 * the range, unless {@link RealtimeSettings#continueAfterDataLoss()}. A topic that was deleted and
 * created again is not read. {@link RealtimeMetrics} lists the meters.
 *
 * <p>Thread-safe. It has two threads for each data source, and those that persist.
 */
public final class RealtimeNode implements LiveNode, AutoCloseable {
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
   * Locks the directory of the settings. Reads nothing until a data source is added.
   *
   * @param clock for the ages of pieces and the times in the status
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
   * Starts to read the topic of a data source, and returns at once. Each row is decoded by the
   * schema with which it was written, so that reading goes on if a registration only changes the
   * columns. If the topic or the segment granularity changes, reading ends and starts again from
   * what is committed.
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
   * Checks the properties of Kafka's clients before anything is changed, by making the clients and
   * closing them. Sends nothing.
   *
   * @throws StarfireException with INVALID_INPUT if a client refuses the properties
   */
  public void checkClients(TopicFeed feed) {
    Map<String, String> kafka = feed.settings().kafka();
    String clientId = "starfire-realtime-check-" + feed.dataSource();
    new TopicAdmin(kafka, clientId).close();
    new DeadLetterSender(kafka, clientId, feed.topic(), feed.settings().deadLetterLimit()).close();
  }

  /**
   * Starts to read a topic, and returns at once. If the data source is read already, that ends
   * first; reading starts again from what is committed.
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
   * Stops reading a data source, and hands off all rows that were read. Returns at once.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public void suspend(String dataSource) {
    live(dataSource).suspend(true);
  }

  /**
   * Continues reading where {@link #suspend} stopped.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public void resume(String dataSource) {
    live(dataSource).suspend(false);
  }

  /**
   * Whether reading was stopped by {@link #suspend}.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public boolean isSuspended(String dataSource) {
    return live(dataSource).isSuspended();
  }

  /**
   * Whether all rows that were read are committed.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public boolean isDrained(String dataSource) {
    return live(dataSource).isDrained();
  }

  /** The settings of data sources that have no settings of their own. */
  public RealtimeSettings settings() {
    return settings;
  }

  /**
   * Stops reading a data source. Its rows that are not committed are no longer visible, and nothing
   * more of it is committed. Returns at once, even if no broker answers.
   */
  public synchronized void remove(String dataSource) {
    Ingestion ingestion = ingestions.remove(dataSource);
    if (ingestion != null) {
      ingestion.stop();
      closing.execute(ingestion::close);
    }
  }

  /** The states of the threads of all data sources. */
  public List<BackgroundLoop.Status> loops() {
    return ingestions.values().stream().flatMap(one -> one.loops().stream()).toList();
  }

  /** The data sources that are read, by name. */
  public Set<String> dataSources() {
    return new TreeSet<>(ingestions.keySet());
  }

  /**
   * The status of a data source.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here
   */
  public RealtimeStatus status(String dataSource) {
    return live(dataSource).status();
  }

  /** The statuses of all data sources that are read, by name. */
  public List<RealtimeStatus> statuses() {
    return ingestions.values().stream()
        .map(one -> one.live().status())
        .sorted(Comparator.comparing(RealtimeStatus::dataSource))
        .toList();
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

  /** See {@link LiveNode}. A data source that is not read here has no live rows. */
  @Override
  public HeldRows<LivePiece> hold(LiveScan request) {
    Ingestion ingestion = ingestions.get(request.dataSource());
    return ingestion == null
        ? LocalRows.ofNothing()
        : LocalRows.ofLive(ingestion.live().snapshot(request.committed(), request.interval()));
  }

  /** The estimated heap of the rows in memory, in bytes, over all data sources. */
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

  /**
   * Asks the brokers for the topic of a data source, which may be another one than was read so far.
   *
   * @throws StarfireException with NOT_FOUND if the data source is not read here, or the topic does
   *     not exist; UNAVAILABLE if no broker answers
   */
  public TopicNow topicNow(String dataSource) {
    return ingestion(dataSource).topicNow();
  }

  /**
   * The newest records of a data source that could not be used; the last that was written comes
   * first.
   *
   * @param most how many are wanted
   * @throws StarfireException with NOT_FOUND if the data source is not read here; UNAVAILABLE if no
   *     broker answers
   */
  public List<WrittenDeadLetter> deadLetters(String dataSource, int most) {
    TopicFeed feed = ingestion(dataSource).feed();
    return new DeadLetterReader(feed.settings().deadLetterTopicOf(dataSource), feed.topic())
        .newest(feed.settings().kafka(), "starfire-dead-letters-" + dataSource, most);
  }

  private LiveDataSource live(String dataSource) {
    return ingestion(dataSource).live();
  }

  private Ingestion ingestion(String dataSource) {
    Ingestion ingestion = ingestions.get(dataSource);
    if (ingestion == null) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "data source '%s' is not read by this real-time node; it reads %s"
              .formatted(dataSource, dataSources()));
    }
    return ingestion;
  }
}
