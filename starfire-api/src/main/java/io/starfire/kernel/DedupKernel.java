package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.event.Anomaly;
import io.starfire.event.KeyHash;
import io.starfire.event.Outcome;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Removes duplicates. Of several events with equal identity and event time it passes on the first
 * that arrives. (The batch driver delivers such events in the order of their canonical bytes, so
 * there it is the smallest.) An identity is remembered until the watermark is above its event time;
 * a copy that comes later is late. Not thread-safe.
 */
public final class DedupKernel {
  private static final byte SEEN = 1;

  private final WindowBuffer buffer;
  private final DueEvents dueEvents;
  private final Output output;
  private final OutcomeCounter counter;
  private long watermark = Long.MIN_VALUE;

  public DedupKernel(WindowBuffer buffer, OutcomeCounter counter, Output output) {
    this.buffer = requireNonNull(buffer, "buffer");
    this.dueEvents = new DueEvents(buffer);
    this.counter = requireNonNull(counter, "counter");
    this.output = requireNonNull(output, "output");
  }

  /**
   * Takes one event.
   *
   * @param identity canonical bytes of its identity; null if it has none
   * @param timeMillis its event time
   * @param value its canonical bytes
   */
  public void event(byte[] identity, long timeMillis, byte[] value) {
    if (timeMillis < watermark) {
      counter.count(Outcome.LATE, timeMillis);
    } else if (identity == null) {
      pass(timeMillis, value);
    } else {
      identified(identity, timeMillis, value);
    }
  }

  /** Advances the watermark. Does nothing if the value is not higher. */
  public void advanceTo(long newWatermark) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      dueEvents.takeBefore(
          newWatermark,
          (dueMillis, kind, identity) -> buffer.delete(BufferKeys.from(SEEN, identity, dueMillis)));
    }
  }

  private void identified(byte[] identity, long timeMillis, byte[] value) {
    byte[] seenKey = BufferKeys.from(SEEN, identity, timeMillis);
    byte[] seen = buffer.get(seenKey);
    byte[] digest = ByteBuffer.allocate(Long.BYTES).putLong(KeyHash.hash(value)).array();
    if (seen != null) {
      counter.count(Outcome.DUPLICATE, timeMillis);
      if (!Arrays.equals(seen, digest)) {
        counter.count(Anomaly.CONFLICTING_DUPLICATE, timeMillis);
      }
      return;
    }
    boolean elsewhere =
        !buffer
            .scan(
                BufferKeys.from(SEEN, identity, 0),
                BufferKeys.from(SEEN, identity, Long.MAX_VALUE),
                1)
            .isEmpty();
    if (elsewhere) {
      counter.count(Anomaly.IDENTITY_CONFLICT, timeMillis);
    }
    buffer.put(seenKey, digest);
    dueEvents.schedule(timeMillis, SEEN, identity);
    pass(timeMillis, value);
  }

  private void pass(long timeMillis, byte[] value) {
    counter.count(Outcome.EMITTED, timeMillis);
    output.emit(timeMillis, value);
  }

  /** Receives the events that are no duplicates. */
  public interface Output {
    void emit(long timeMillis, byte[] value);
  }
}
