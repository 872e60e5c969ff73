package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final Duration PERIOD = Duration.ofMillis(5);

  private final AtomicInteger beats = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();

  @Test
  void itBeatsOnWhateverFails() {
    Runnable beat =
        () -> {
          switch (beats.incrementAndGet()) {
            case 2 -> throw new StarfireException(ErrorCode.UNAVAILABLE, "no answer");
            case 3 -> throw new IllegalStateException("the file system is closed");
            case 4 -> throw new OutOfMemoryError("no room for a buffer");
            case 5 -> throw new StackOverflowError();
            default -> {
              // It is written.
            }
          }
        };

    try (Heartbeat alive = Heartbeat.start(beat, PERIOD, ends::incrementAndGet)) {
      await().untilAsserted(() -> assertThat(beats).hasValueGreaterThan(8));
      assertThat(ends).hasValue(0);
    }

    assertThat(ends).hasValue(1);
  }

  @Test
  void aRunThatCannotSayThatItLivesDoesNotBegin() {
    assertThatThrownBy(
            () ->
                Heartbeat.start(
                    () -> {
                      throw new StarfireException(ErrorCode.UNAVAILABLE, "no answer");
                    },
                    PERIOD,
                    ends::incrementAndGet))
        .hasMessage("no answer");
    assertThat(ends).hasValue(0);
  }
}
