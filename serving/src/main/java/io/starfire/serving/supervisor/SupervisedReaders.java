package io.starfire.serving.supervisor;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.protocol.cluster.SupervisorRow.State;
import io.starfire.segment.SchemaGrowth;
import io.starfire.segment.ingest.IngestionSpec;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.realtime.RealtimeNode;
import io.starfire.serving.realtime.RealtimeState;
import io.starfire.serving.realtime.RealtimeStatus;
import io.starfire.serving.realtime.TopicFeed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the real-time node reads for supervisors. Not thread-safe. */
final class SupervisedReaders {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedReaders.class);

  private final Coordinator coordinator;
  private final Optional<RealtimeNode> node;
  private final Map<String, Loaded> loaded = new HashMap<>();

  /** A spec that was read, or the reason why it cannot be read. */
  private record Loaded(String json, Optional<IngestionSpec> spec, Optional<String> problem) {}

  /**
   * @param node empty in a server that reads no topics
   */
  SupervisedReaders(Coordinator coordinator, Optional<RealtimeNode> node) {
    this.coordinator = coordinator;
    this.node = node;
  }

  RealtimeNode requireNode() {
    return node.orElseThrow(
        () ->
            new StarfireException(
                ErrorCode.UNSUPPORTED, "this server reads no topics, so it has no supervisors"));
  }

  /** The spec that the node reads by; empty if there is none, or it cannot be read. */
  Optional<IngestionSpec> spec(String id) {
    return Optional.ofNullable(loaded.get(id)).flatMap(Loaded::spec);
  }

  SupervisorStatus status(SupervisorRow row) {
    Loaded known =
        loaded.getOrDefault(
            row.id(), new Loaded("", Optional.empty(), Optional.of("not taken up")));
    Optional<RealtimeStatus> reading =
        isRead(row.id()) ? Optional.of(requireNode().status(row.id())) : Optional.empty();
    return new SupervisorStatus(row, known.spec(), reading, known.problem());
  }

  /** Reads as a stored supervisor says. A spec that cannot be read is told in the status. */
  void takeUp(SupervisorRow row) {
    try {
      IngestionSpec spec = IngestionSpec.parse(row.specJson());
      if (node.isPresent()) {
        run(row, spec, registeredSchema(spec).orElse(spec.rows().schema()));
      }
      loaded.put(row.id(), new Loaded(row.specJson(), Optional.of(spec), Optional.empty()));
    } catch (RuntimeException e) {
      // A supervisor that cannot be started must not keep the server from starting.
      LOG.error("Supervisor '{}' cannot be taken up: {}", row.id(), e.getMessage());
      loaded.put(row.id(), failed(row, e));
    }
  }

  /** Reads by a spec that was posted, unless that is done already. */
  void start(SupervisorRow row, IngestionSpec spec, DataSourceSchema schema) {
    boolean suspended = row.state() != State.RUNNING;
    if (isLoaded(row) && isRead(row.id()) && requireNode().isSuspended(row.id()) == suspended) {
      return;
    }
    try {
      run(row, spec, schema);
      loaded.put(row.id(), new Loaded(row.specJson(), Optional.of(spec), Optional.empty()));
    } catch (RuntimeException e) {
      // The spec is stored, and not read: the same one posted again must not count as done.
      loaded.put(row.id(), failed(row, e));
      throw e;
    }
  }

  private static Loaded failed(SupervisorRow row, RuntimeException e) {
    return new Loaded(
        row.specJson(), Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
  }

  private void run(SupervisorRow row, IngestionSpec spec, DataSourceSchema schema) {
    TopicFeed feed = new FeedFactory(requireNode().settings()).feed(spec, schema);
    requireNode().start(feed, row.state() != State.RUNNING);
  }

  /** Has the node do what is stored, whatever it does now. */
  void follow(SupervisorRow row) {
    if (!isLoaded(row) || !isRead(row.id())) {
      takeUp(row);
    } else if (row.state() == State.RUNNING) {
      requireNode().resume(row.id());
    } else {
      requireNode().suspend(row.id());
    }
  }

  /** Whether its spec is the one that was read, and could be. */
  boolean isLoaded(SupervisorRow row) {
    Loaded known = loaded.get(row.id());
    return known != null && known.json().equals(row.specJson()) && known.spec().isPresent();
  }

  private boolean isRead(String id) {
    return node.isPresent() && node.get().dataSources().contains(id);
  }

  /** Whether nothing of what was read waits to be handed off. */
  boolean isDrained(String id) {
    return !isRead(id) || requireNode().isDrained(id);
  }

  void suspend(String id) {
    if (isRead(id)) {
      requireNode().suspend(id);
    }
  }

  void resume(String id) {
    if (isRead(id)) {
      requireNode().resume(id);
    }
  }

  /** Whether the node has found another topic in the place of the one that it read. */
  boolean isTopicReplaced(String id) {
    return isRead(id) && requireNode().status(id).state() == RealtimeState.TOPIC_REPLACED;
  }

  /** Nothing is read, and what was read and not committed is not visible, until {@link #follow}. */
  void leave(String id) {
    requireNode().remove(id);
  }

  void remove(String id) {
    node.ifPresent(present -> present.remove(id));
    loaded.remove(id);
  }

  /** The registered schema, if it is the spec's with discovered dimensions. */
  private Optional<DataSourceSchema> registeredSchema(IngestionSpec spec) {
    DataSourceSchema wanted = spec.rows().schema();
    return coordinator.dataSources().stream()
        .map(DataSourceRegistration::schema)
        .filter(schema -> schema.name().equals(wanted.name()))
        .filter(schema -> SchemaGrowth.isExtension(schema, wanted))
        .filter(schema -> schema.rollup() == wanted.rollup())
        .filter(schema -> schema.queryGranularity() == wanted.queryGranularity())
        .filter(schema -> schema.segmentGranularity() == wanted.segmentGranularity())
        .findFirst();
  }
}
