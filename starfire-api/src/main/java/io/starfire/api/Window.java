package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;

/**
 * The span around a primary event in which a secondary matches: {@code p - before <= s <= p +
 * after}, both ends closed, in milliseconds of event time. With it goes the floor: the least that a
 * driver may grant where it cannot hold that much state.
 *
 * @param before how much earlier than the primary a secondary may be; at or above 0
 * @param after how much later than the primary a secondary may be; at or above 0
 * @param floor the least span that a driver may cut each side to; a side below it is never cut
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

  /** Secondaries from the primary's own time until {@code after} later. No driver may cut it. */
  public static Window after(Duration after) {
    return new Window(Duration.ZERO, after, after);
  }

  /** Secondaries from {@code before} earlier until {@code after} later. No driver may cut it. */
  public static Window around(Duration before, Duration after) {
    return new Window(before, after, before.compareTo(after) > 0 ? before : after);
  }

  /**
   * Lets a driver cut each side down to {@code floor}: it will then miss matches that are further.
   */
  public Window acceptingAtLeast(Duration floor) {
    return new Window(before, after, floor);
  }

  /** The window of which each side is at most {@code limit}, with itself as its floor. */
  public Window limitedTo(Duration limit) {
    return around(min(before, limit), min(after, limit));
  }

  /** Whether {@code granted} cuts no side of this below the floor, and extends none. */
  public boolean accepts(Window granted) {
    return accepts(before, granted.before) && accepts(after, granted.after);
  }

  /**
   * The one statement of the predicate: whether a secondary at {@code secondaryMillis} is inside
   * the window of a primary at {@code primaryMillis}.
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
