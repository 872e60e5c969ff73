package io.starfire.kernel;

import java.nio.ByteBuffer;
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

  /** How many bytes {@link #save} writes. */
  int savedBytes() {
    return 2 * Long.BYTES + Integer.BYTES + 2 * Long.BYTES * needs.size();
  }

  /** Writes what is remembered: the last turn, the watermark, how many pairs, and the pairs. */
  void save(ByteBuffer out) {
    out.putLong(lastTurn).putLong(watermark).putInt(needs.size());
    for (Need need : needs) {
      out.putLong(need.untilMillis()).putLong(need.from());
    }
  }

  /** Remembers what {@link #save} has written, and nothing else. */
  void restore(ByteBuffer in) {
    needs.clear();
    lastTurn = in.getLong();
    watermark = in.getLong();
    for (int left = in.getInt(); left > 0; left--) {
      needs.addLast(new Need(in.getLong(), in.getLong()));
    }
  }
}
