package io.starfire.kernel;

import java.util.ArrayDeque;

/**
 * From where on the log of a stage is needed. An event is needed while the state depends on it, and
 * with it the turn that was in force where it stands: a fold that begins there judges it alike. Not
 * thread-safe.
 *
 * <p>Offsets only grow. So an event that is needed no longer than an earlier one changes nothing,
 * and what is kept is a queue in which both offsets and ends rise.
 */
final class LogNeed {
  /** Ends are rounded up to 1,024 milliseconds, which bounds the queue. */
  private static final long ROUNDING = 1_023;

  private final ArrayDeque<Need> needs = new ArrayDeque<>();
  private long lastTurn;
  private long watermark = Long.MIN_VALUE;

  /**
   * Something that is needed.
   *
   * @param untilMillis until the watermark is above this
   * @param from offset of the turn before it
   */
  private record Need(long untilMillis, long from) {}

  void event(long untilMillis) {
    long rounded = untilMillis | ROUNDING;
    if (needs.isEmpty() || rounded > needs.getLast().untilMillis()) {
      needs.addLast(new Need(rounded, lastTurn));
    }
  }

  void turn(long offset, long newWatermark) {
    if (newWatermark < watermark) {
      return;
    }
    watermark = newWatermark;
    lastTurn = Math.max(lastTurn, offset);
    while (!needs.isEmpty() && needs.getFirst().untilMillis() < watermark) {
      needs.removeFirst();
    }
  }

  long low() {
    return needs.isEmpty() ? lastTurn : needs.getFirst().from();
  }
}
