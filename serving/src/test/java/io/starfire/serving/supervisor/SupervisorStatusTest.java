package io.starfire.serving.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.protocol.cluster.SupervisorRow.State;
import io.starfire.serving.realtime.RealtimeState;
import io.starfire.serving.realtime.RealtimeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SupervisorStatusTest {
  private static SupervisorStatus status(State wanted, RealtimeState now) {
    return new SupervisorStatus(
        new SupervisorRow("events", "{}", wanted, 0),
        Optional.empty(),
        Optional.of(
            new RealtimeStatus(
                "events",
                "topic",
                now,
                "a sentence",
                Optional.of(Instant.EPOCH),
                List.of(),
                0,
                Map.of(),
                0,
                Optional.empty(),
                Optional.empty())),
        Optional.empty());
  }

  @Test
  void oneWhoseRowsWaitForASchemaSaysSoAndIsNotHealthy() {
    SupervisorStatus waiting = status(State.RUNNING, RealtimeState.WAITING_FOR_SCHEMA);
    assertThat(waiting.detailedState()).isEqualTo("WAITING_FOR_SCHEMA");
    assertThat(waiting.state()).isEqualTo("UNHEALTHY_SUPERVISOR");
    assertThat(waiting.healthy()).isFalse();
    assertThat(status(State.SUSPENDED, RealtimeState.WAITING_FOR_SCHEMA).state())
        .isEqualTo("SUSPENDED");
    assertThat(status(State.RUNNING, RealtimeState.BACK_PRESSURE).healthy()).isTrue();
  }
}
