package io.starfire.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.Window;
import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A key that all events have, in the order in which a reducer of a batch run gets them. */
class HotKeyTest {
  private static final int EVENTS = 200_000;
  private static final long STEP_MILLIS = Duration.ofDays(1).toMillis() / EVENTS;
  private static final Window WINDOW = Window.after(Duration.ofMinutes(15));

  private long results;
  private long matches;
  private int most;

  @Test
  void whatIsHeldIsNeverMoreThanOneWindow() {
    HeapState state = new HeapState();
    JoinKernel join =
        new JoinKernel(WINDOW, false, state, new Uncounted(), new Uncounted(), new Results());
    for (int i = 0; i < EVENTS; i++) {
      long timeMillis = i * STEP_MILLIS;
      if (i > 0) {
        join.advanceTo(timeMillis);
      }
      int port = i % 2_000 == 1 ? JoinKernel.SECONDARY_PORT : JoinKernel.PRIMARY_PORT;
      byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
      join.event(port, new byte[] {'k'}, timeMillis, value);
      most = Math.max(most, state.size());
    }
    join.advanceTo(Long.MAX_VALUE);

    long inWindow = WINDOW.after().toMillis() / STEP_MILLIS;
    assertThat(most).isBetween((int) inWindow, (int) inWindow + 10);
    assertThat(state.size()).isZero();
    assertThat(results).isEqualTo(EVENTS - EVENTS / 2_000);
    assertThat(matches).isBetween(results, 2 * results);
  }

  private final class Results implements JoinKernel.Output {
    @Override
    public void emit(long timeMillis, byte[] primary, List<byte[]> found) {
      results++;
      matches += found.size();
    }

    @Override
    public void emitFirst(long timeMillis, byte[] primary) {
      throw new AssertionError("results wait for all matches");
    }

    @Override
    public void orphan(long timeMillis, byte[] secondary) {
      // Few are; they are not looked at.
    }
  }

  private static final class Uncounted implements OutcomeCounter {
    @Override
    public void count(Outcome outcome, long timeMillis) {
      // Not looked at.
    }

    @Override
    public void count(Anomaly anomaly, long timeMillis) {
      // Not looked at.
    }
  }
}
