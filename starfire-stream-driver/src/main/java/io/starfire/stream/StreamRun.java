package io.starfire.stream;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.plan.Stage;
import io.starfire.stream.StreamTopicCheck.Finding;
import io.starfire.stream.watermark.Mark;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of Kafka Streams and what watches over it. A stream has several in turn if a raw topic
 * grows. Thread-safe.
 */
final class StreamRun {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRun.class);
  private static final Duration SLOWEST_WATCH = Duration.ofMillis(500);
  private static final int WATCHES_PER_IDLE_TIMEOUT = 4;
  private static final int COMMITS_PER_DELETION = 20;
  private static final Duration SLOWEST_DELETION = Duration.ofMinutes(1);

  private final StreamStart.Prepared prepared;
  private final StreamContext stream;
  private final KafkaStreams streams;
  private final StreamHealth health;
  private final Listener listener;
  private final RestoreProgress restoring;
  private final BackgroundLoop heads;
  private volatile TopicWatch watch;

  /** Who is told how the run fares. */
  interface Listener {
    /** It cannot go on. */
    void failed(StarfireException failure);

    /** It has to start anew, because of what was found. */
    void outgrown(Finding.Grown grown);
  }

  StreamRun(StreamStart.Prepared prepared, Listener listener) {
    this.prepared = prepared;
    this.stream = prepared.stream();
    this.streams = prepared.streams();
    this.listener = listener;
    this.health =
        new StreamHealth(
            stream, streams::state, this::brokersAnsweredAtMillis, prepared.registrar());
    streams.setUncaughtExceptionHandler(this::onError);
    streams.setStateListener((now, before) -> stateChanged(now));
    this.restoring = new RestoreProgress(health::noteProgress);
    streams.setGlobalStateRestoreListener(restoring);
    streams.setStandbyUpdateListener(restoring);
    this.heads =
        BackgroundLoop.named("starfire-log-heads", stream.heads()::delete)
            .every(stream.settings().commitInterval().multipliedBy(COMMITS_PER_DELETION))
            .retryAfter(SLOWEST_WATCH, SLOWEST_DELETION)
            .onFailed(this::deletionFailed)
            .build();
  }

  /** Registers the data sources and starts. */
  void start() {
    prepared
        .registrar()
        .register(
            prepared.dataSources(),
            prepared.state().registered(),
            prepared.journal()::append,
            listener::failed);
    watch =
        TopicWatch.start(
            prepared.kafka(),
            stream,
            prepared.check(),
            prepared.journal().partition(),
            watchInterval(stream.settings()),
            new Watching());
    heads.start();
    streams.start();
  }

  StreamContext stream() {
    return stream;
  }

  KafkaStreams.State state() {
    return streams.state();
  }

  /** What earlier generations have left at the brokers. */
  OldGenerations.Leftovers leftovers() {
    return new OldGenerations(prepared.kafka())
        .before(ApplicationId.base(stream.plan(), stream.settings()), prepared.state().number());
  }

  void delete(OldGenerations.Leftovers leftovers) {
    new OldGenerations(prepared.kafka()).delete(leftovers);
  }

  /** Why it is not healthy; empty if it is. */
  Optional<String> problem() {
    return health.problem();
  }

  /** What should be known besides; empty if there is nothing. */
  Optional<String> notice() {
    return isRestoring() ? restoring.describe() : health.notice();
  }

  /** Whether tasks wait for their state. */
  boolean isRestoring() {
    return streams.state() == KafkaStreams.State.REBALANCING && restoring.isRestoring();
  }

  /** Threads that were left behind use the state directory until Kafka Streams has ended. */
  private void stateChanged(KafkaStreams.State now) {
    health.noteProgress();
    if (now == KafkaStreams.State.NOT_RUNNING || now == KafkaStreams.State.ERROR) {
      prepared.name().close();
    }
  }

  private void deletionFailed(Throwable cause) {
    listener.failed(
        new StarfireException(
            ErrorCode.INTERNAL,
            "the deletion of the heads of logs of the stream '%s' ended: %s"
                .formatted(stream.topics().applicationId(), cause),
            cause));
  }

  private long brokersAnsweredAtMillis() {
    TopicWatch present = watch;
    return present == null ? stream.clock().millis() : present.answeredAtMillis();
  }

  /** The least watermark of a stage's tasks; null while one is unknown. */
  Long watermark(Stage stage) {
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
    String applicationId = stream.topics().applicationId();
    Failures.Verdict verdict =
        Failures.judge(error, applicationId, stream.settings().stateDirectory());
    if (verdict.passes()) {
      LOG.warn("a thread of {} starts anew", applicationId, error);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.debug("a thread of {} ended", applicationId, error);
    Optional<Finding> finding = verdict.isExplained() ? Optional.empty() : diagnose();
    if (finding.isPresent() && finding.get() instanceof Finding.Grown grown) {
      listener.outgrown(grown);
    } else {
      listener.failed(finding.map(StreamRun::failure).orElse(verdict.failure()));
    }
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** What Kafka Streams makes of topics that changed says less than a look at them. */
  private Optional<Finding> diagnose() {
    TopicWatch present = watch;
    return present == null ? Optional.empty() : present.diagnose();
  }

  private static StarfireException failure(Finding finding) {
    if (finding instanceof Finding.Missing missing) {
      return missing.failure();
    }
    return ((Finding.Broken) finding).failure();
  }

  /** Stops what asks for things; the tasks go on. */
  private void closeWatch() {
    TopicWatch present = watch;
    if (present != null) {
      present.close();
    }
    heads.requestStop();
    prepared.registrar().close();
  }

  /** Stops without waiting. What is not committed yet is done again at the next start. */
  void abandon() {
    prepared.fence().abandon();
    boolean unused = close(Duration.ZERO);
  }

  /**
   * Finishes and commits what has begun, and stops. What waits for a broker that does not answer is
   * left behind in threads that keep no process alive.
   *
   * @return whether all of it has stopped in time
   */
  boolean close(Duration timeout) {
    stream.board().closing();
    closeWatch();
    long startNanos = System.nanoTime();
    boolean inTime =
        streams.close(
            CloseOptions.timeout(timeout)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
    KafkaCalls kafka = prepared.kafka();
    kafka.admin().close(left.isNegative() ? Duration.ZERO : left);
    if (inTime) {
      // Whoever follows in this process need not wait until the listener was told.
      prepared.name().close();
    }
    return inTime;
  }

  private static Duration watchInterval(StreamSettings settings) {
    Duration part = settings.idleTimeout().dividedBy(WATCHES_PER_IDLE_TIMEOUT);
    Duration interval = part.compareTo(SLOWEST_WATCH) < 0 ? part : SLOWEST_WATCH;
    return interval.compareTo(settings.broadcastInterval()) < 0
        ? settings.broadcastInterval()
        : interval;
  }

  private final class Watching implements TopicWatch.Listener {
    @Override
    public void changed(Finding finding) {
      if (finding instanceof Finding.Grown grown) {
        listener.outgrown(grown);
      } else {
        listener.failed(failure(finding));
      }
    }

    @Override
    public void failed(StarfireException failure) {
      listener.failed(failure);
    }

    @Override
    public void journalWritten() {
      int number = prepared.journal().read().number();
      if (number != prepared.state().number()) {
        listener.failed(Failures.wasReset(stream.topics().applicationId(), number));
      }
    }
  }
}
