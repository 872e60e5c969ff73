package io.starfire.serving.supervisor;

import static java.util.Objects.requireNonNull;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.TopicChange;
import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.protocol.cluster.SupervisorRow.State;
import io.starfire.segment.ingest.IngestionSpec;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.Supervisors;
import io.starfire.serving.realtime.RealtimeNode;
import io.starfire.serving.realtime.TopicFeed;
import io.starfire.serving.role.TopicNow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads topics by Druid's supervisor specs. A supervisor has the name of its data source; a spec
 * that is posted replaces the one of the same data source. Specs are stored, and the next process
 * starts them again. Each record is loaded exactly once, as always by a {@link RealtimeNode}.
 *
 * <p>Thread-safe. It has one thread, for supervisors that are being terminated.
 */
public final class SupervisorManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisorManager.class);
  private static final Duration TICK = Duration.ofMillis(100);

  /**
   * How long a supervisor that is terminated may take to hand off. Rows that are not handed off by
   * then are not lost: they are in Kafka, and not committed.
   */
  private static final Duration TERMINATION_LIMIT = Duration.ofMinutes(1);

  private final Supervisors stored;
  private final SupervisedReaders readers;
  private final InstantSource clock;
  private final Map<String, Long> terminatingSince = new HashMap<>();

  /**
   * What was asked for and may not have been stored: whoever asks for it again is told what he
   * would have been told, although it is done already.
   */
  private final Map<String, State> unheard = new HashMap<>();

  /** Supervisors that the node may not follow yet: the store could not be asked. */
  private final Set<String> behind = new HashSet<>();

  private final BackgroundLoop loop =
      BackgroundLoop.named("starfire-supervisors", this::tend).every(TICK).build();

  private SupervisorManager(
      Coordinator coordinator, Optional<RealtimeNode> node, InstantSource clock) {
    this.stored = requireNonNull(coordinator, "coordinator").supervisors();
    this.readers = new SupervisedReaders(coordinator, requireNonNull(node, "node"));
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Starts all stored supervisors.
   *
   * @param node reads the topics; empty in a server that reads none
   */
  public static SupervisorManager start(
      Coordinator coordinator, Optional<RealtimeNode> node, InstantSource clock) {
    SupervisorManager manager = new SupervisorManager(coordinator, node, clock);
    manager.takeUp();
    manager.loop.start();
    return manager;
  }

  private synchronized void takeUp() {
    stored.all().forEach(readers::takeUp);
  }

  /** Whether a data source is loaded by a supervisor. */
  public boolean supervises(String dataSource) {
    return stored.all().stream().anyMatch(row -> row.id().equals(dataSource));
  }

  /**
   * Stores and starts a supervisor. Posting the same spec again changes nothing. Another spec of
   * the same data source replaces it, and continues from what is committed.
   *
   * @return its id
   * @throws StarfireException with INVALID_INPUT or UNSUPPORTED as {@link IngestionSpec#parse},
   *     CONFLICT if something else feeds the data source, or its data forbids the change
   */
  public synchronized String post(String json) {
    IngestionSpec spec = IngestionSpec.parse(json);
    if (spec.type() != IngestionSpec.Type.KAFKA) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "a supervisor has a spec of type 'kafka', got '%s'; load files with 'bin/starfire index FILE --spec SPEC'"
              .formatted(spec.type().jsonName()));
    }
    String id = spec.dataSource();
    State state = spec.suspended() ? State.SUSPENDED : State.RUNNING;
    Optional<SupervisorRow> before = find(id);
    SupervisorRow row = new SupervisorRow(id, json, state, clock.millis());
    if (before.isPresent()
        && before.get().specJson().equals(json)
        && before.get().state() == state
        && readers.isLoaded(row)
        && !unheard.containsKey(id)) {
      return id;
    }
    // Discovered dimensions are kept as long as the rows are read in the same way.
    boolean sameRows = readers.spec(id).map(IngestionSpec::rows).equals(Optional.of(spec.rows()));
    RealtimeNode node = readers.requireNode();
    TopicFeed wanted = new FeedFactory(node.settings()).feed(spec, spec.rows().schema());
    node.checkClients(wanted);
    DataSourceRegistration inForce =
        change(id, state, () -> stored.put(row, wanted.registration(), sameRows));
    terminatingSince.remove(id);
    readers.start(row, spec, inForce.schema());
    spec.warnings().forEach(warning -> LOG.warn("Supervisor '{}': {}", id, warning));
    return id;
  }

  /**
   * Changes the store. If it is not known whether that was done, the node does what the store says
   * now or, if it cannot be asked, as soon as it can.
   *
   * @param wanted the state that the supervisor then has
   */
  private <T> T change(String id, State wanted, Supplier<T> write) {
    try {
      T result = write.get();
      unheard.remove(id);
      return result;
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.UNKNOWN_OUTCOME) {
        unheard.put(id, wanted);
        behind.add(id);
        followIfAnswered(id, e);
      }
      throw e;
    }
  }

  private void followIfAnswered(String id, StarfireException unknown) {
    try {
      follow(id);
    } catch (StarfireException e) {
      unknown.addSuppressed(e);
    }
  }

  /** Has the node do what the store says. */
  private void follow(String id) {
    find(id).ifPresentOrElse(readers::follow, () -> forget(id));
    behind.remove(id);
  }

  /** All supervisors, ordered by id. */
  public List<SupervisorStatus> all() {
    return stored.all().stream().map(this::status).toList();
  }

  /**
   * The status of a supervisor.
   *
   * @throws StarfireException with NOT_FOUND if there is no such supervisor
   */
  public SupervisorStatus status(String id) {
    return status(stored.require(id));
  }

  private synchronized SupervisorStatus status(SupervisorRow row) {
    return readers.status(row);
  }

  /**
   * Stops a supervisor from reading, and hands off what it has read.
   *
   * @throws StarfireException with NOT_FOUND; INVALID_INPUT if it is suspended already
   */
  public synchronized SupervisorStatus suspend(String id) {
    requireState(id, State.RUNNING, State.SUSPENDED, "it is %s, so it cannot be suspended");
    SupervisorRow row = setState(id, State.SUSPENDED);
    readers.suspend(id);
    return status(row);
  }

  /**
   * Lets a suspended supervisor continue to read.
   *
   * @throws StarfireException with NOT_FOUND; INVALID_INPUT if it is not suspended
   */
  public synchronized SupervisorStatus resume(String id) {
    requireState(id, State.SUSPENDED, State.RUNNING, "it is %s, so it cannot be resumed");
    SupervisorRow row = setState(id, State.RUNNING);
    readers.resume(id);
    return status(row);
  }

  /**
   * Hands off what a supervisor has read, then removes the supervisor. Its data source stays.
   * Returns at once.
   *
   * @throws StarfireException with NOT_FOUND
   */
  public synchronized void terminate(String id) {
    if (unheard.get(id) == State.TERMINATING && find(id).isEmpty()) {
      // What was asked for, and not answered, is done.
      unheard.remove(id);
      return;
    }
    SupervisorRow unused = stored.require(id);
    unused = setState(id, State.TERMINATING);
    readers.suspend(id);
  }

  /**
   * Lets a supervisor go on with its topic after that was created again: from the first offsets
   * that the new topic holds. What was committed from the former topic stays. Asked for again, it
   * changes nothing.
   *
   * @throws StarfireException with NOT_FOUND if there is no such supervisor, or no such topic;
   *     INVALID_INPUT if it is being terminated; UNAVAILABLE if no broker answers, or the change of
   *     the topic was not noticed yet
   */
  public TopicChange goOver(String id) {
    SupervisorRow row = stored.require(id);
    if (row.state() == State.TERMINATING) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "supervisor '%s': it is being terminated, so it cannot go on with a new topic"
              .formatted(id));
    }
    // Not under the lock: a broker that does not answer would hold the other supervisors up.
    TopicNow now = readers.requireNode().topicNow(id);
    return goOver(id, now);
  }

  private synchronized TopicChange goOver(String id, TopicNow now) {
    Optional<String> read = stored.topicRead(id, now.topic());
    if (read.isEmpty() || read.get().equals(now.id())) {
      return stored.goOver(id, now);
    }
    if (!readers.isTopicReplaced(id)) {
      // What was read and cannot be committed is to be said as a loss first.
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "supervisor '%s' has not noticed yet that topic '%s' has another id; ask again in some seconds"
              .formatted(id, now.topic()));
    }
    behind.add(id);
    readers.leave(id);
    try {
      TopicChange change = stored.goOver(id, now);
      LOG.warn(
          "Supervisor '{}' goes on with topic '{}' of id {} at {}; from the topic of id {} it has"
              + " committed up to {}",
          id,
          change.topic(),
          change.topicId(),
          change.committedOffsets(),
          change.formerTopicId(),
          change.formerOffsets());
      follow(id);
      return change;
    } catch (StarfireException e) {
      followIfAnswered(id, e);
      throw e;
    }
  }

  private SupervisorRow setState(String id, State state) {
    return change(id, state, () -> stored.setState(id, state));
  }

  private void requireState(String id, State from, State to, String sentence) {
    State state = stored.require(id).state();
    if (state == from || (state == to && unheard.get(id) == to)) {
      return;
    }
    String is =
        state == State.TERMINATING ? "being terminated" : state.name().toLowerCase(Locale.ROOT);
    throw new StarfireException(
        ErrorCode.INVALID_INPUT, "supervisor '%s': ".formatted(id) + sentence.formatted(is));
  }

  private void tend() {
    followAll();
    for (SupervisorRow row : stored.all()) {
      if (row.state() == State.TERMINATING) {
        removeIfDone(row.id());
      }
    }
  }

  private synchronized void followAll() {
    List.copyOf(behind).forEach(this::follow);
  }

  /** The state of the thread. */
  public List<BackgroundLoop.Status> loops() {
    return List.of(loop.status());
  }

  private synchronized void removeIfDone(String id) {
    if (find(id).filter(row -> row.state() == State.TERMINATING).isEmpty()) {
      return;
    }
    long since = terminatingSince.computeIfAbsent(id, key -> clock.millis());
    boolean drained = readers.isDrained(id);
    boolean late = clock.millis() - since > TERMINATION_LIMIT.toMillis();
    if (!drained && !late) {
      return;
    }
    if (!drained) {
      LOG.warn(
          "Supervisor '{}' is removed although not all that it read is handed off; the rest is not"
              + " committed, and stays in its topic",
          id);
    }
    readers.remove(id);
    behind.add(id);
    stored.remove(id);
    follow(id);
  }

  private void forget(String id) {
    readers.remove(id);
    terminatingSince.remove(id);
  }

  private Optional<SupervisorRow> find(String id) {
    return stored.all().stream().filter(row -> row.id().equals(id)).findFirst();
  }

  /** Ends the thread. The node goes on reading until it is closed. */
  @Override
  public void close() {
    loop.close();
  }
}
