package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.event.Anomaly;
import io.starfire.event.KeyHash;
import io.starfire.event.Outcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Removes duplicates. Of several events with equal identity and event time it passes on the first
 * that arrives. (The batch driver delivers such events in the order of their canonical bytes, so
 * there it is the smallest.) An identity is remembered until the watermark is above its event time;
 * a copy that comes later is late. Not thread-safe.
 */
final class DedupKernel implements Kernel {
  private static final byte SEEN = 1;
  private static final byte[] NOTHING = {};

  private final KernelState state;
  private final OutcomeCounter counter;
  private final Output output;

  DedupKernel(KernelState state, OutcomeCounter counter, Output output) {
    this.state = requireNonNull(state, "state");
    this.counter = requireNonNull(counter, "counter");
    this.output = requireNonNull(output, "output");
  }

  /** Its key is the event's identity. */
  @Override
  public void event(int port, byte @Nullable [] identity, long timeMillis, byte[] value) {
    if (identity == null || isNew(identity, timeMillis, value)) {
      counter.count(Outcome.EMITTED, timeMillis);
      output.emit(identity, timeMillis, value);
    }
  }

  @Override
  public void advanceTo(long watermark) {
    state.takeDue(watermark, (kind, identity, timeMillis, entries) -> {});
  }

  private boolean isNew(byte[] identity, long timeMillis, byte[] value) {
    byte[] digest = ByteBuffer.allocate(Long.BYTES).putLong(KeyHash.hash(value)).array();
    KernelState.Held seen = state.find(SEEN, identity, timeMillis, NOTHING);
    if (seen != null) {
      counter.count(Outcome.DUPLICATE, timeMillis);
      if (!Arrays.equals(seen.note(), digest)) {
        counter.count(Anomaly.CONFLICTING_DUPLICATE, timeMillis);
      }
      return false;
    }
    if (state.any(SEEN, identity, 0, Long.MAX_VALUE - 1)) {
      counter.count(Anomaly.IDENTITY_CONFLICT, timeMillis);
    }
    state.hold(SEEN, identity, timeMillis, NOTHING, digest, timeMillis);
    return true;
  }

  /** Receives the events that are no duplicates. */
  interface Output {
    void emit(byte @Nullable [] identity, long timeMillis, byte[] value);
  }
}
