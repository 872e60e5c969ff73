package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Tumbling;
import io.starfire.common.Interval;
import io.starfire.event.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A tumbling group of which only a sum is kept for each key and window. The sum of a window is put
 * out once the watermark is at or above the window's end. Not thread-safe.
 */
final class AggregateKernel implements Kernel {
  private static final byte SUM = 1;
  private static final byte[] NOTHING = {};

  private final Tumbling windows;
  private final KernelState state;
  private final OutcomeCounter counter;
  private final Sums sums;
  private Interval window = new Interval(0, 0);

  AggregateKernel(Tumbling windows, KernelState state, OutcomeCounter counter, Sums sums) {
    this.windows = requireNonNull(windows, "windows");
    this.state = requireNonNull(state, "state");
    this.counter = requireNonNull(counter, "counter");
    this.sums = requireNonNull(sums, "sums");
  }

  @Override
  public void event(int port, byte @Nullable [] key, long timeMillis, byte[] value) {
    if (key == null) {
      counter.count(Outcome.NULL_KEY, timeMillis);
      return;
    }
    counter.count(Outcome.EMITTED, timeMillis);
    if (!window.contains(timeMillis)) {
      window = windows.windowOf(timeMillis);
    }
    KernelState.Held sum = state.find(SUM, key, window.startMillis(), NOTHING);
    if (sum == null) {
      byte[] first = sums.add(null, timeMillis, value);
      state.hold(SUM, key, window.startMillis(), NOTHING, first, window.endMillis() - 1);
    } else {
      state.note(sum, sums.add(sum.note(), timeMillis, value));
    }
  }

  @Override
  public void sum(byte[] key, long windowMillis, byte[] added) {
    if (!window.contains(windowMillis)) {
      window = windows.windowOf(windowMillis);
    }
    KernelState.Held sum = state.find(SUM, key, window.startMillis(), NOTHING);
    if (sum == null) {
      state.hold(SUM, key, window.startMillis(), NOTHING, added, window.endMillis() - 1);
    } else {
      state.note(sum, sums.merge(sum.note(), added, windowMillis));
    }
  }

  @Override
  public void advanceTo(long watermark) {
    state.takeDue(
        watermark,
        (kind, key, startMillis, entries) -> {
          for (KernelState.Held sum : entries) {
            sums.emit(key, windows.windowOf(startMillis), sum.note());
          }
        });
  }

  /** Adds events up, as bytes. */
  interface Sums {
    /** The sum with one more event; null stands for the sum of none. */
    byte[] add(byte @Nullable [] sum, long timeMillis, byte[] value);

    /** One sum of two. */
    byte[] merge(byte[] one, byte[] other, long timeMillis);

    /** Receives the sum of a key and window. */
    void emit(byte[] key, Interval window, byte[] sum);
  }
}
