package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Tumbling;
import io.starfire.common.Interval;
import io.starfire.event.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tumbling group of which all events are kept, copies included. They are put out in canonical
 * order, which is that of the state, once the watermark is at or above the window's end. Not
 * thread-safe.
 */
final class CollectKernel implements Kernel {
  /** Falls due before the members, which are still there then. */
  private static final byte WINDOW = 1;

  private static final byte MEMBER = 2;
  private static final byte[] NOTHING = {};

  private final Tumbling windows;
  private final KernelState state;
  private final OutcomeCounter counter;
  private final Output output;
  private Interval window = new Interval(0, 0);

  CollectKernel(Tumbling windows, KernelState state, OutcomeCounter counter, Output output) {
    this.windows = requireNonNull(windows, "windows");
    this.state = requireNonNull(state, "state");
    this.counter = requireNonNull(counter, "counter");
    this.output = requireNonNull(output, "output");
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
    long dueMillis = window.endMillis() - 1;
    KernelState.Held copy = state.find(MEMBER, key, timeMillis, value);
    if (copy != null) {
      state.note(copy, count(count(copy.note()) + 1));
      return;
    }
    state.hold(MEMBER, key, timeMillis, value, count(1), dueMillis);
    if (state.find(WINDOW, key, window.startMillis(), NOTHING) == null) {
      state.hold(WINDOW, key, window.startMillis(), NOTHING, NOTHING, dueMillis);
    }
  }

  @Override
  public void advanceTo(long watermark) {
    state.takeDue(
        watermark,
        (kind, key, timeMillis, entries) -> {
          if (kind == WINDOW) {
            emit(key, windows.windowOf(timeMillis));
          }
        });
  }

  private void emit(byte[] key, Interval due) {
    List<byte[]> values = new ArrayList<>();
    for (KernelState.Held member :
        state.between(MEMBER, key, due.startMillis(), due.endMillis() - 1)) {
      values.addAll(Collections.nCopies(count(member.note()), member.value()));
    }
    output.emit(key, due, values);
  }

  private static byte[] count(int copies) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(copies).array();
  }

  private static int count(byte[] copies) {
    return ByteBuffer.wrap(copies).getInt();
  }

  /** Receives the groups. */
  interface Output {
    /** The events of a key and window, in canonical order. */
    void emit(byte[] key, Interval window, List<byte[]> values);
  }
}
