package io.starfire.api;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import java.time.Duration;

/**
 * How event time is cut into windows that follow each other without a gap. A window's start is
 * inclusive, its end exclusive. The first window begins in 1970. Immutable.
 */
public sealed interface Tumbling permits FixedWindows, Calendar {
  /**
   * Windows of one size, aligned to 1970-01-01T00:00Z.
   *
   * @param size whole milliseconds, from 1 millisecond to 3650 days, inclusive
   */
  static Tumbling every(Duration size) {
    return new FixedWindows(size);
  }

  /** The window that contains an event time, in milliseconds since the epoch. */
  Interval windowOf(long timeMillis);

  /** The length of the longest window. */
  Duration longest();

  /** The window, or what of it lies in event time. */
  static Interval inEventTime(long startMillis, long endMillis) {
    return new Interval(Math.max(Times.MIN_MILLIS, startMillis), endMillis);
  }
}
