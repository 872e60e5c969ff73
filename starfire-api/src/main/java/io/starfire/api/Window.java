package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;

/**
 * The span of event time around a primary in which a secondary matches. A primary at {@code p} and
 * a secondary at {@code s} match if {@code p - before <= s <= p + after}: both ends are inclusive.
 *
 * <p>A driver that cannot keep so much state may use a shorter window. The floor limits how short:
 * with {@code after} 2 hours and a floor of 15 minutes, the driver may cut {@code after} to 15
 * minutes and not below. A driver that cannot grant this refuses to run.
 *
 * <p>Immutable. A value outside the stated limits is INVALID_PIPELINE.
 *
 * @param before how much earlier than the primary a secondary may be: whole milliseconds from 0 to
 *     3650 days, inclusive
 * @param after how much later than the primary a secondary may be; same limits
 * @param floor no side is cut below this, and a side that is shorter is never cut; from 0 to the
 *     longer side, inclusive
 */
public record Window(Duration before, Duration after, Duration floor) {
  /** Beyond this, event times could overflow when a window is added to them. */
  private static final Duration MAX = Duration.ofDays(3650);

  public Window {
    checkSide("before", before);
    checkSide("after", after);
    requireNonNull(floor, "floor");
    Duration longer = before.compareTo(after) > 0 ? before : after;
    if (floor.isNegative() || floor.compareTo(longer) > 0) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "a window's floor must be between 0 and its longer side %s, got %s"
              .formatted(longer, floor));
    }
  }

  /**
   * The window from the primary's own time until {@code after} later, both inclusive. A driver must
   * not shorten it.
   */
  public static Window after(Duration after) {
    return new Window(Duration.ZERO, after, after);
  }

  /**
   * The window from {@code before} earlier until {@code after} later, both inclusive. A driver must
   * not shorten it.
   */
  public static Window around(Duration before, Duration after) {
    return new Window(before, after, before.compareTo(after) > 0 ? before : after);
  }

  /**
   * The same window with another floor. A driver that shortens a side misses matches that are
   * further away.
   */
  public Window acceptingAtLeast(Duration floor) {
    return new Window(before, after, floor);
  }

  /** This window with each side cut to at most {@code limit}. It must not be shortened further. */
  public Window limitedTo(Duration limit) {
    return around(min(before, limit), min(after, limit));
  }

  /** Whether {@code granted} shortens no side of this window below the floor, and extends none. */
  public boolean accepts(Window granted) {
    return accepts(before, granted.before) && accepts(after, granted.after);
  }

  /**
   * Whether a secondary at {@code secondaryMillis} is in the window of a primary at {@code
   * primaryMillis}. Both are milliseconds since the epoch. This rule is stated only here.
   */
  public boolean contains(long primaryMillis, long secondaryMillis) {
    return primaryMillis - before.toMillis() <= secondaryMillis
        && secondaryMillis <= primaryMillis + after.toMillis();
  }

  private boolean accepts(Duration asked, Duration granted) {
    return granted.compareTo(asked) <= 0 && granted.compareTo(min(asked, floor)) >= 0;
  }

  private static Duration min(Duration left, Duration right) {
    return left.compareTo(right) < 0 ? left : right;
  }

  private static void checkSide(String name, Duration side) {
    requireNonNull(side, name);
    if (side.isNegative() || side.compareTo(MAX) > 0 || side.toNanos() % 1_000_000 != 0) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "a window's '%s' must be whole milliseconds between 0 and %s, got %s"
              .formatted(name, MAX, side));
    }
  }
}
