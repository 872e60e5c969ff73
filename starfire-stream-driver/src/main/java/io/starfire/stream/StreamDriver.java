package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Stage;
import io.starfire.stream.StreamTopicCheck.Finding;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running stream: one pipeline on Kafka Streams, in this process. Several processes with the same
 * configuration share the work. Thread-safe.
 *
 * <p>It runs until it is closed or fails. It fails if a function of the pipeline throws, if input
 * was deleted before it was read, if one of its topics was replaced by another of the same name, or
 * at a defect. {@link #status} then says why, and no work of the failed transaction is kept. A
 * broker that restarts only delays it. If a raw topic gets more partitions, the driver restarts
 * Kafka Streams by itself and reads them too.
 */
public final class StreamDriver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamDriver.class);

  private final StreamOptions options;
  private final AtomicReference<StarfireException> failure = new AtomicReference<>();
  private final AtomicBoolean changing = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile StreamRun run;
  private volatile boolean closed;
  private volatile String grown;

  private StreamDriver(StreamOptions options) {
    this.options = options;
    this.run = new StreamRun(StreamStart.prepare(options), new Listening());
  }

  /**
   * Checks everything that can be checked, creates topics, and starts.
   *
   * @throws StarfireException with one sentence if it cannot start: no broker, a missing topic, a
   *     grant below the floor of a join, a data source that would refuse rows as old as the stream
   *     writes them, a topic with the wrong number of partitions, a topic that is not the one that
   *     was read, a directory that is in use, a coordinator that does not answer if it is required
   *     to
   */
  public static StreamDriver start(StreamOptions options) {
    StreamDriver driver = new StreamDriver(options);
    try {
      driver.run.start();
      return driver;
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  /**
   * The application id that a stream of this plan runs under in its first generation: its consumer
   * group, and what the names of its own topics begin with.
   *
   * @throws StarfireException with INVALID_INPUT if the configuration is wrong, or grants a join
   *     less than its floor
   */
  public static String applicationId(Plan plan, StarfireConfig config) {
    StreamSettings settings = StreamSettings.from(config);
    Grants grants = Grants.limited(plan, settings.grant(), settings.grants());
    return ApplicationId.of(plan, grants, settings, 1);
  }

  public StreamStatus status() {
    StreamRun current = run;
    StreamContext stream = current.stream();
    Map<String, Long> watermarks = new TreeMap<>();
    Map<String, Long> results = new TreeMap<>();
    Set<String> unknown = new HashSet<>();
    for (Stage stage : stream.plan().stages()) {
      Long watermark = current.watermark(stage);
      List<SinkNode> written =
          stage.sinks().stream().filter(sink -> !(sink instanceof FilesNode)).toList();
      if (watermark == null) {
        written.forEach(sink -> unknown.add(sink.label()));
      } else {
        watermarks.put(stage.name(), watermark);
        for (SinkNode sink : written) {
          results.merge(sink.label(), watermark - stream.heldBack(stage).toMillis(), Math::min);
        }
      }
    }
    results.keySet().removeAll(unknown);
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
        current.problem().orElse(null),
        current.notice().orElse(grown),
        watermarks,
        results,
        lag,
        stream.board().counts(),
        stream.grants().describe());
  }

  /** The topic of rows of a data source. */
  public String dataSourceTopic(String dataSource) {
    return run.stream().topics().dataSourceTopics().get(dataSource);
  }

  /** The topic at Kafka that a pipeline's topic is. */
  public String resultTopic(String topic) {
    return run.stream().topics().resultTopics().get(topic);
  }

  /** The topic of records that could not be used. */
  public String deadLetterTopic() {
    return run.stream().topics().deadLetters();
  }

  /**
   * The topics that earlier generations of the stream have made for themselves, and that nobody
   * needs any more. Topics of rows are not among them.
   */
  public Set<String> oldTopics() {
    return run.leftovers().topics();
  }

  /**
   * Deletes the topics and consumer groups of earlier generations.
   *
   * @return the topics
   * @throws StarfireException with CONFLICT if a process still runs an earlier generation
   */
  public Set<String> deleteOld() {
    OldGenerations.Leftovers leftovers = run.leftovers();
    run.delete(leftovers);
    return leftovers.topics();
  }

  /**
   * Waits until the stream has failed or was closed.
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

  /**
   * Finishes and commits the work that has begun, and stops. Returns within the shutdown timeout,
   * even if no broker answers. Does nothing if it is closed already.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    Duration timeout = run.stream().settings().shutdownTimeout();
    if (!Bounded.run("starfire-stop", () -> stop(timeout), timeout)) {
      LOG.warn(
          "the stream {} did not stop within {}; what was not committed is done again at the next"
              + " start",
          run.stream().topics().applicationId(),
          timeout);
    }
    ended.countDown();
  }

  /** A run that is being replaced is closed by whoever replaces it. */
  private void stop(Duration timeout) {
    run.close(timeout);
  }

  /** Whether it can go on. */
  boolean isHealthy() {
    return state() != StreamStatus.State.FAILED && run.problem().isEmpty();
  }

  /** Whether it does its work. */
  boolean isReady() {
    return state() == StreamStatus.State.RUNNING;
  }

  private StreamStatus.State state() {
    if (failure.get() != null) {
      return StreamStatus.State.FAILED;
    }
    if (changing.get()) {
      return closed ? StreamStatus.State.STOPPED : StreamStatus.State.STARTING;
    }
    return switch (run.state()) {
      case CREATED, REBALANCING ->
          run.isRestoring() ? StreamStatus.State.RESTORING : StreamStatus.State.STARTING;
      case RUNNING -> StreamStatus.State.RUNNING;
      case PENDING_SHUTDOWN, NOT_RUNNING -> StreamStatus.State.STOPPED;
      case PENDING_ERROR, ERROR -> StreamStatus.State.FAILED;
    };
  }

  private void fail(StarfireException why) {
    if (!closed && failure.compareAndSet(null, why)) {
      // Whoever runs the stream reports the failure.
      LOG.debug("the stream ends", why);
      // Tasks must not go on with topics that are not what they were.
      Thread stopping = new Thread(run::abandon, "starfire-fail");
      stopping.setDaemon(true);
      stopping.start();
      ended.countDown();
    }
  }

  /** Starts Kafka Streams anew: how many tasks it has follows from the topics at its start. */
  private void startAnew(Finding.Grown finding) {
    if (closed || failure.get() != null || !changing.compareAndSet(false, true)) {
      return;
    }
    grown = "%s; the stream starts anew with the new ones".formatted(finding);
    LOG.warn("{}", grown);
    Thread restarting =
        new Thread(
            () -> {
              try {
                replaceRun();
              } catch (StarfireException e) {
                fail(e);
              } catch (RuntimeException | Error e) {
                fail(
                    new StarfireException(
                        ErrorCode.INTERNAL, "the stream could not be started anew: " + e, e));
              }
            },
            "starfire-restart");
    restarting.setDaemon(true);
    restarting.start();
  }

  private void replaceRun() {
    StreamRun before = run;
    Duration timeout = before.stream().settings().shutdownTimeout();
    if (!before.close(timeout)) {
      throw new StarfireException(
          ErrorCode.TIMEOUT,
          "the stream '%s' has to start anew because a topic has grown, and did not stop within %s; start it again"
              .formatted(before.stream().topics().applicationId(), timeout));
    }
    StreamRun next = new StreamRun(StreamStart.prepare(options.continued()), new Listening());
    synchronized (this) {
      if (!closed) {
        run = next;
        changing.set(false);
        grown = grown.replace("starts anew", "has started anew");
      }
    }
    if (run == next) {
      next.start();
    } else {
      next.close(Duration.ZERO);
    }
  }

  private final class Listening implements StreamRun.Listener {
    @Override
    public void failed(StarfireException why) {
      fail(why);
    }

    @Override
    public void outgrown(Finding.Grown finding) {
      startAnew(finding);
    }
  }
}
