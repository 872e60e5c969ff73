package io.starfire.archiver;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.common.Ticker;
import io.starfire.config.StarfireConfig;
import io.starfire.hadoop.HadoopClient;
import io.starfire.kafka.DaemonServer;
import io.starfire.kafka.KafkaCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running archiver: copies the raw topics of a pipeline to Parquet, before any transformation,
 * and lists each file in the manifest. After a crash no event is lost and none is archived twice.
 * Several archivers of the same topics disturb each other, but list no offset twice. Thread-safe.
 *
 * <p>It runs until it is closed or fails: if records were deleted before it had read them, or if
 * the file system refuses.
 */
public final class Archiver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
  private static final int MAX_PORT = 65_535;
  private static final int POLL_RECORDS = 5_000;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final String root;
  private final KafkaCalls kafka;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ArchiveLoop loop;
  private final ArchiverHealth health;
  private final BackgroundLoop thread;
  private final AtomicReference<StarfireException> failure = new AtomicReference<>();
  private final AtomicReference<ArchiverStatus> running = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;
  private DaemonServer server;

  private Archiver(
      String root,
      KafkaCalls kafka,
      KafkaConsumer<byte[], byte[]> consumer,
      ArchiveLoop loop,
      ArchiverHealth health) {
    this.root = root;
    this.kafka = kafka;
    this.consumer = consumer;
    this.loop = loop;
    this.health = health;
    this.running.set(loop.status());
    this.thread =
        BackgroundLoop.named("starfire-archiver", this::step)
            .every(Duration.ZERO)
            .fatalIf(exception -> true)
            .onFailed(this::fail)
            .atEnd(this::end)
            .build();
  }

  /**
   * Checks what can be checked, and starts.
   *
   * @throws StarfireException with one sentence if it cannot start: no broker, a missing topic, a
   *     file system that cannot be used, records deleted before they were archived, a topic that is
   *     another one than the archive lists
   */
  public static Archiver start(ArchiverOptions options) {
    StarfireConfig config = options.config();
    RawEventTimes eventTimes = new RawEventTimes(options.plan(), config);
    String root = config.string("starfire.archive.root");
    ArchiveFiles files = ArchiveFiles.of(root, HadoopClient.properties(config));
    String bootstrapServers = config.string("starfire.kafka.bootstrap-servers");
    Map<String, String> properties = config.properties("starfire.kafka.properties");
    KafkaCalls kafka =
        KafkaCalls.connect(
            bootstrapServers, properties, config.duration("starfire.kafka.connect-timeout"));
    KafkaConsumer<byte[], byte[]> consumer = null;
    try {
      consumer = consumer(bootstrapServers, properties);
      Manifest manifest = new Manifest(files);
      RawTopics topics =
          new RawTopics(
              kafka,
              manifest,
              eventTimes.topics(),
              config.duration("starfire.archive.missing-topic-timeout"),
              Ticker.SYSTEM);
      List<TopicPartition> partitions = topics.begin(options.newTopic(), options.clock().millis());
      ArchiverHealth health =
          new ArchiverHealth(
              bootstrapServers,
              config.duration("starfire.archive.stall-timeout"),
              config.duration("starfire.archive.roll-interval"),
              Ticker.SYSTEM);
      ArchiveLoop loop =
          new ArchiveLoop(
              consumer,
              eventTimes,
              files,
              topics,
              manifest,
              config,
              options.clock(),
              health,
              partitions);
      Archiver archiver = new Archiver(root, kafka, consumer, loop, health);
      archiver.listen(config);
      archiver.thread.start();
      return archiver;
    } catch (IOException | RuntimeException e) {
      if (consumer != null) {
        consumer.close();
      }
      kafka.close();
      throw ArchiverFailures.of(root, e);
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      String bootstrapServers, Map<String, String> properties) {
    Map<String, Object> consumerConfig = new HashMap<>(properties);
    consumerConfig.put("bootstrap.servers", bootstrapServers);
    consumerConfig.put("isolation.level", "read_committed");
    consumerConfig.put("auto.offset.reset", "none");
    // A topic that was deleted must not come back by our looking at it.
    consumerConfig.put("allow.auto.create.topics", false);
    consumerConfig.put("enable.auto.commit", false);
    consumerConfig.put("max.poll.records", POLL_RECORDS);
    return new KafkaConsumer<>(
        consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  public ArchiverStatus status() {
    ArchiverStatus last = running.get();
    StarfireException failed = failure.get();
    ArchiverStatus.State state =
        failed != null
            ? ArchiverStatus.State.FAILED
            : ended.getCount() == 0 ? ArchiverStatus.State.STOPPED : ArchiverStatus.State.RUNNING;
    return new ArchiverStatus(
        state,
        failed == null ? null : failed.getMessage(),
        state == ArchiverStatus.State.RUNNING ? problem().orElse(null) : null,
        last.completeUpToMillis(),
        last.listed(),
        last.lag(),
        last.rows());
  }

  /** Why it makes no progress; empty if it does. */
  private Optional<String> problem() {
    return health.problem(thread.status().inStep());
  }

  /** The port of health and metrics; -1 if there is none. */
  public int port() {
    return server == null ? -1 : server.port();
  }

  /**
   * Waits until the archiver has failed or was closed.
   *
   * @return false if the time was over first
   */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why it has failed; null if it has not. */
  public StarfireException failure() {
    return failure.get();
  }

  /** Lists what has been read, and stops. Does nothing if it is closed already. */
  @Override
  public void close() {
    closing = true;
    // What it has not listed until then is read again at the next start.
    boolean unused = thread.stop(STOP_TIMEOUT);
    if (server != null) {
      server.close();
    }
  }

  private void step() throws IOException {
    try {
      loop.step();
      running.set(loop.status());
    } catch (OffsetOutOfRangeException e) {
      throw loop.outOfRange(List.copyOf(e.partitions()));
    }
  }

  /** Whoever waits for the end then finds every failure in {@link #failure}. */
  private void end() {
    try {
      if (failure.get() == null) {
        loop.finish();
        running.set(loop.status());
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
    try {
      loop.discard();
      consumer.close();
      kafka.close();
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      ended.countDown();
    }
  }

  /** The first failure is the reason; what fails after it is only logged. */
  private void fail(Throwable cause) {
    StarfireException reason = ArchiverFailures.of(root, cause);
    if (!failure.compareAndSet(null, reason)) {
      LOG.warn("while the archiver ended after a failure: {}", reason.getMessage(), reason);
      return;
    }
    // Whoever runs the archiver reports the failure; this is where it came from.
    LOG.debug("{}", reason.getMessage(), reason);
  }

  private void listen(StarfireConfig config) {
    int port = config.integer("starfire.archive.port", -1, MAX_PORT);
    if (port >= 0) {
      server = DaemonServer.start(config.string("starfire.archive.host"), port, new Pages());
    }
  }

  private final class Pages implements DaemonServer.Pages {
    private final ArchiverMetrics metrics = new ArchiverMetrics(Archiver.this::status);

    @Override
    public boolean isHealthy() {
      return failure.get() == null && problem().isEmpty();
    }

    @Override
    public boolean isReady() {
      return failure.get() == null && !closing;
    }

    @Override
    public String status() {
      return Json.write(Archiver.this.status());
    }

    @Override
    public String metrics() {
      return metrics.scrape();
    }
  }
}
