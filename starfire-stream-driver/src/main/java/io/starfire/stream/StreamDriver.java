package io.starfire.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.kafka.DaemonServer;
import io.starfire.kafka.KafkaCalls;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Stage;
import io.starfire.stream.watermark.Mark;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running stream: one pipeline on Kafka Streams, in this process. Several processes with the same
 * configuration share the work. Thread-safe.
 *
 * <p>It runs until it is closed or fails. It fails for good if a function of the pipeline throws,
 * if input was deleted before it was read, or at a defect: {@link #status} then says why, and no
 * work of the failed transaction is kept. What brokers do, such as restarting, only delays it.
 */
public final class StreamDriver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamDriver.class);
  private static final Duration SLOWEST_END_OFFSETS = Duration.ofSeconds(1);
  private static final int END_OFFSETS_PER_IDLE_TIMEOUT = 4;

  private final StreamContext stream;
  private final KafkaCalls kafka;
  private final DataSourceRegistrar registrar;
  private final KafkaStreams streams;
  private final EndOffsetWatch endOffsets;
  private final AtomicReference<StarfireException> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final StreamMetrics metrics = new StreamMetrics(this::status);
  private DaemonServer server;
  private boolean closed;

  private StreamDriver(StreamStart.Prepared prepared) {
    this.stream = prepared.stream();
    this.kafka = prepared.kafka();
    this.registrar = prepared.registrar();
    this.streams = prepared.streams();
    streams.setUncaughtExceptionHandler(this::onError);
    this.endOffsets =
        EndOffsetWatch.start(
            kafka.admin(), stream.progress(), stream.clock(), endOffsetInterval(stream.settings()));
  }

  /**
   * Checks everything that can be checked, creates topics, and starts.
   *
   * @throws StarfireException with one sentence if it cannot start: no broker, a missing topic, a
   *     grant below the floor of a join, a data source that would refuse rows as old as the stream
   *     writes them, a topic with the wrong number of partitions, a directory that is in use, a
   *     coordinator that does not answer if it is required to
   */
  public static StreamDriver start(StreamOptions options) {
    StreamDriver driver = new StreamDriver(StreamStart.prepare(options));
    try {
      driver.listen();
      driver.streams.start();
      return driver;
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  /**
   * The application id that a stream of this plan runs under: its consumer group, and what the
   * names of its own topics begin with.
   *
   * @throws StarfireException with INVALID_INPUT if the configuration is wrong, or grants a join
   *     less than its floor
   */
  public static String applicationId(Plan plan, StarfireConfig config) {
    StreamSettings settings = StreamSettings.from(config);
    Grants grants = Grants.limited(plan, settings.grant(), settings.grants());
    return ApplicationId.of(plan, grants, settings);
  }

  public StreamStatus status() {
    Map<String, Long> watermarks = new TreeMap<>();
    Map<String, Long> results = new TreeMap<>();
    for (Stage stage : stream.plan().stages()) {
      Long watermark = watermark(stage);
      if (watermark != null) {
        watermarks.put(stage.name(), watermark);
        for (SinkNode sink : stage.sinks()) {
          results.put(
              sink.dataSource().schema().name(), watermark - stream.heldBack(stage).toMillis());
        }
      }
    }
    Map<String, Long> lag = new TreeMap<>();
    stream
        .progress()
        .lags()
        .forEach((partition, records) -> lag.merge(partition.topic(), records, Long::sum));
    StarfireException failed = failure.get();
    return new StreamStatus(
        stream.plan().pipeline(),
        stream.topics().applicationId(),
        stream.plan().fingerprint(),
        state(),
        failed == null ? null : failed.getMessage(),
        watermarks,
        results,
        lag,
        stream.board().counts(),
        stream.grants().describe());
  }

  /** The topic of rows of a data source. */
  public String dataSourceTopic(String dataSource) {
    return stream.topics().dataSourceTopics().get(dataSource);
  }

  /** The topic of records that could not be used. */
  public String deadLetterTopic() {
    return stream.topics().deadLetters();
  }

  /** The port of health and metrics, or -1 if there is none. */
  public int port() {
    return server == null ? -1 : server.port();
  }

  /** In Prometheus format. */
  public String metrics() {
    return metrics.scrape();
  }

  /**
   * Waits until the stream has failed or was closed.
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

  /** Finishes and commits what has begun, and stops. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stream.board().closing();
    endOffsets.close();
    registrar.close();
    if (server != null) {
      server.close();
    }
    boolean inTime =
        streams.close(
            CloseOptions.timeout(stream.settings().shutdownTimeout())
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    if (!inTime) {
      LOG.warn(
          "the stream {} did not stop within {}; what was not committed is done again at the next start",
          stream.topics().applicationId(),
          stream.settings().shutdownTimeout());
    }
    kafka.close();
    ended.countDown();
  }

  private void listen() {
    if (stream.settings().port() >= 0) {
      server = DaemonServer.start(stream.settings().host(), stream.settings().port(), new Pages());
    }
  }

  private StreamStatus.State state() {
    if (failure.get() != null) {
      return StreamStatus.State.FAILED;
    }
    return switch (streams.state()) {
      case CREATED, REBALANCING -> StreamStatus.State.STARTING;
      case RUNNING -> StreamStatus.State.RUNNING;
      case PENDING_SHUTDOWN, NOT_RUNNING -> StreamStatus.State.STOPPED;
      case PENDING_ERROR, ERROR -> StreamStatus.State.FAILED;
    };
  }

  private Long watermark(Stage stage) {
    long minimum = Long.MAX_VALUE;
    int known = 0;
    for (Map.Entry<TaskBoard.Task, TaskBoard.Report> entry : stream.board().reports().entrySet()) {
      if (entry.getKey().stage().equals(stage.name())) {
        minimum = Math.min(minimum, entry.getValue().watermark());
        known++;
      }
    }
    return known < stream.tasks(stage) || minimum == Mark.UNKNOWN ? null : minimum;
  }

  private StreamThreadExceptionResponse onError(Throwable error) {
    Failures.Verdict verdict = Failures.judge(error, stream.topics().applicationId());
    if (verdict.passes()) {
      LOG.warn("a thread of {} starts anew", stream.topics().applicationId(), error);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (failure.compareAndSet(null, verdict.failure())) {
      // Whoever runs the stream reports the failure; this is where it came from.
      LOG.debug("{}", verdict.failure().getMessage(), error);
    }
    ended.countDown();
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static Duration endOffsetInterval(StreamSettings settings) {
    Duration part = settings.idleTimeout().dividedBy(END_OFFSETS_PER_IDLE_TIMEOUT);
    Duration interval = part.compareTo(SLOWEST_END_OFFSETS) < 0 ? part : SLOWEST_END_OFFSETS;
    return interval.compareTo(settings.broadcastInterval()) < 0
        ? settings.broadcastInterval()
        : interval;
  }

  private final class Pages implements DaemonServer.Pages {
    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    public boolean isHealthy() {
      return state() != StreamStatus.State.FAILED;
    }

    @Override
    public boolean isReady() {
      return state() == StreamStatus.State.RUNNING;
    }

    @Override
    public String status() {
      try {
        return mapper.writeValueAsString(StreamDriver.this.status());
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
