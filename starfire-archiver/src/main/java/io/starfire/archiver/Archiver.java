package io.starfire.archiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.HadoopClient;
import io.starfire.config.StarfireConfig;
import io.starfire.kafka.DaemonServer;
import io.starfire.kafka.KafkaCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running archiver: copies the raw topics of a pipeline to Parquet, before any transformation,
 * and lists each file in the manifest. A crash repeats no event and loses none; several archivers
 * of the same topics get in each other's way, but list no offset twice. Thread-safe.
 *
 * <p>It runs until it is closed or fails: if records were deleted before it had read them, or if
 * the file system refuses.
 */
public final class Archiver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
  private static final int MAX_PORT = 65_535;
  private static final int POLL_RECORDS = 5_000;

  private final KafkaCalls kafka;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ArchiveLoop loop;
  private final Thread thread;
  private final AtomicReference<StarfireException> failure = new AtomicReference<>();
  private final AtomicReference<ArchiverStatus> running = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;
  private DaemonServer server;

  private Archiver(KafkaCalls kafka, KafkaConsumer<byte[], byte[]> consumer, ArchiveLoop loop) {
    this.kafka = kafka;
    this.consumer = consumer;
    this.loop = loop;
    this.running.set(loop.status());
    this.thread = new Thread(this::run, "starfire-archiver");
  }

  /**
   * Checks what can be checked, and starts.
   *
   * @throws StarfireException with one sentence if it cannot start: no broker, a missing topic, a
   *     file system that cannot be used, records deleted before they were archived
   */
  public static Archiver start(ArchiverOptions options) {
    StarfireConfig config = options.config();
    RawEventTimes eventTimes = new RawEventTimes(options.plan(), config);
    ArchiveFiles files =
        ArchiveFiles.of(config.string("starfire.archive.root"), HadoopClient.properties(config));
    String bootstrapServers = config.string("starfire.kafka.bootstrap-servers");
    Map<String, String> properties = config.properties("starfire.kafka.properties");
    KafkaCalls kafka =
        KafkaCalls.connect(
            bootstrapServers, properties, config.duration("starfire.kafka.connect-timeout"));
    KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, properties);
    Archiver archiver;
    try {
      ArchiveLoop loop =
          new ArchiveLoop(
              consumer,
              kafka,
              eventTimes,
              files,
              config,
              options.clock(),
              partitions(kafka, eventTimes));
      archiver = new Archiver(kafka, consumer, loop);
      archiver.listen(config);
    } catch (IOException e) {
      consumer.close();
      kafka.close();
      throw unwritable(config.string("starfire.archive.root"), e);
    } catch (RuntimeException e) {
      consumer.close();
      kafka.close();
      throw e;
    }
    archiver.thread.start();
    return archiver;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      String bootstrapServers, Map<String, String> properties) {
    Map<String, Object> consumerConfig = new HashMap<>(properties);
    consumerConfig.put("bootstrap.servers", bootstrapServers);
    consumerConfig.put("isolation.level", "read_committed");
    consumerConfig.put("auto.offset.reset", "none");
    consumerConfig.put("enable.auto.commit", false);
    consumerConfig.put("max.poll.records", POLL_RECORDS);
    return new KafkaConsumer<>(
        consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(KafkaCalls kafka, RawEventTimes eventTimes) {
    List<TopicPartition> partitions = new ArrayList<>();
    kafka
        .admin()
        .describeTopics(eventTimes.topics())
        .topicNameValues()
        .forEach(
            (topic, answer) -> {
              TopicDescription description;
              try {
                description = kafka.get("describe topic " + topic, answer);
              } catch (StarfireException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                  throw new StarfireException(
                      ErrorCode.NOT_FOUND,
                      "topic '%s', which is to be archived, does not exist; create it, or correct starfire.sources"
                          .formatted(topic),
                      e);
                }
                throw e;
              }
              description
                  .partitions()
                  .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            });
    return partitions;
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
        last.completeUpToMillis(),
        last.listed(),
        last.lag(),
        last.rows());
  }

  /** The port of health and metrics, or -1 if there is none. */
  public int port() {
    return server == null ? -1 : server.port();
  }

  /**
   * Waits until the archiver has failed or was closed.
   *
   * @return whether that was within the time
   */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why it has failed, or null. */
  public StarfireException failure() {
    return failure.get();
  }

  /** Lists what has been read, and stops. Closing twice does nothing. */
  @Override
  public void close() {
    closing = true;
    if (server != null) {
      server.close();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing) {
        loop.step();
        running.set(loop.status());
      }
      loop.finish();
      running.set(loop.status());
    } catch (OffsetOutOfRangeException e) {
      fail(loop.dataLoss(List.copyOf(e.partitions())));
    } catch (StarfireException e) {
      fail(e);
    } catch (IOException e) {
      fail(unwritable("starfire.archive.root", e));
    } catch (RuntimeException e) {
      fail(
          new StarfireException(
              ErrorCode.INTERNAL, "the archiver stopped at an unexpected error: " + e, e));
    } finally {
      loop.discard();
      consumer.close();
      kafka.close();
      ended.countDown();
    }
  }

  private void fail(StarfireException reason) {
    failure.set(reason);
    // Whoever runs the archiver reports the failure; this is where it came from.
    LOG.debug("{}", reason.getMessage(), reason);
  }

  private static StarfireException unwritable(String root, IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "the archive at %s cannot be read or written: %s; what is listed is safe, and the archiver goes on there when it is started again"
            .formatted(root, e.getMessage()),
        e);
  }

  private void listen(StarfireConfig config) {
    int port = config.integer("starfire.archive.port", -1, MAX_PORT);
    if (port >= 0) {
      server = DaemonServer.start(config.string("starfire.archive.host"), port, new Pages());
    }
  }

  private final class Pages implements DaemonServer.Pages {
    private final ObjectMapper mapper = new ObjectMapper();
    private final ArchiverMetrics metrics = new ArchiverMetrics(Archiver.this::status);

    @Override
    public boolean isHealthy() {
      return failure.get() == null;
    }

    @Override
    public boolean isReady() {
      return isHealthy() && !closing;
    }

    @Override
    public String status() {
      try {
        return mapper.writeValueAsString(Archiver.this.status());
      } catch (JsonProcessingException e) {
        throw new StarfireException(ErrorCode.INTERNAL, "the status cannot be written", e);
      }
    }

    @Override
    public String metrics() {
      return metrics.scrape();
    }
  }
}
