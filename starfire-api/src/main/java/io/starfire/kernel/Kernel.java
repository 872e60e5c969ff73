package io.starfire.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A stateful operator at work in one task: it takes the events of its ports and the watermark,
 * keeps its state in a {@link KernelState}, and puts out results. Its results are never older than
 * the watermark by more than what {@link io.starfire.plan.HoldBack} says of its operator. Not
 * thread-safe.
 *
 * <p>What it does depends on the order of the events of one key only as far as the watermark says;
 * so every order in which all events are on time gives the same results.
 */
interface Kernel {
  /**
   * Takes one event, which is not late.
   *
   * @param port index among the ports of the operator
   * @param key canonical bytes of its key; null if it has none
   * @param timeMillis its event time
   * @param value its canonical bytes
   */
  void event(int port, byte @Nullable [] key, long timeMillis, byte[] value);

  /**
   * Takes the sum of events that were added up on the way, see {@link PartialSums}. They are
   * counted. Only a kernel that adds up gets any.
   *
   * @param windowMillis the start of their window
   */
  default void sum(byte[] key, long windowMillis, byte[] added) {
    throw new IllegalStateException("this operator adds nothing up");
  }

  /** Advances the watermark. It must be higher than before. */
  void advanceTo(long watermark);
}
