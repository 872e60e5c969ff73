package io.starfire.serving.supervisor;

import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.protocol.cluster.SupervisorRow.State;
import io.starfire.segment.ingest.IngestionSpec;
import io.starfire.serving.realtime.RealtimeState;
import io.starfire.serving.realtime.RealtimeStatus;
import java.util.Optional;

/**
 * The state of a supervisor at one moment. Immutable.
 *
 * @param row the stored supervisor
 * @param spec its spec; empty if it cannot be read any more
 * @param reading what the real-time node does for it; empty if nothing
 * @param problem a sentence that says why the topic is not read
 */
public record SupervisorStatus(
    SupervisorRow row,
    Optional<IngestionSpec> spec,
    Optional<RealtimeStatus> reading,
    Optional<String> problem) {

  public String id() {
    return row.id();
  }

  public boolean suspended() {
    return row.state() == State.SUSPENDED;
  }

  /** The topic that it reads; empty if its spec cannot be read any more. */
  public Optional<String> topic() {
    return spec.map(read -> read.kafka().orElseThrow().topic());
  }

  /** One of Druid's states: PENDING, RUNNING, SUSPENDED, STOPPING and UNHEALTHY_SUPERVISOR. */
  public String state() {
    String detailed = detailedState();
    return switch (detailed) {
      case "CONNECTING_TO_STREAM" -> "PENDING";
      case "UNABLE_TO_CONNECT_TO_STREAM", "LOST_CONTACT_WITH_STREAM", "WAITING_FOR_SCHEMA" ->
          "UNHEALTHY_SUPERVISOR";
      default -> detailed;
    };
  }

  /** Druid's detailed state, or WAITING_FOR_SCHEMA, which Druid does not have. */
  public String detailedState() {
    if (problem.isPresent()) {
      return "UNHEALTHY_SUPERVISOR";
    }
    if (row.state() == State.TERMINATING) {
      return "STOPPING";
    }
    RealtimeState now = reading.map(RealtimeStatus::state).orElse(RealtimeState.STARTING);
    boolean readBefore = reading.map(status -> !status.partitions().isEmpty()).orElse(false);
    return switch (now) {
      case RUNNING, BACK_PRESSURE, SUSPENDED -> suspended() ? "SUSPENDED" : "RUNNING";
      case WAITING_FOR_SCHEMA -> suspended() ? "SUSPENDED" : "WAITING_FOR_SCHEMA";
      case STARTING -> suspended() ? "SUSPENDED" : "CONNECTING_TO_STREAM";
      case WAITING_FOR_TOPIC -> "UNABLE_TO_CONNECT_TO_STREAM";
      case UNREACHABLE -> readBefore ? "LOST_CONTACT_WITH_STREAM" : "UNABLE_TO_CONNECT_TO_STREAM";
      case DATA_LOSS, TOPIC_REPLACED, STOPPED -> "UNHEALTHY_SUPERVISOR";
    };
  }

  public boolean healthy() {
    return !state().startsWith("UNHEALTHY");
  }
}
