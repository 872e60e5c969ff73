package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.time.Duration;

/**
 * The rule for the times of rows: `index`, the real-time node and supervisors all use it. A time is
 * good from 1970, inclusive, to 10000, exclusive, and not further ahead of the clock than {@code
 * maxAhead}. Any other row is BAD_TIME: one row of the year 9999 would make an interval of its own,
 * in which nothing else ever is. Immutable.
 *
 * <p>Events of pipelines are bounded once more, and closer, where they are read: {@link
 * EventTimes}.
 *
 * @param maxAhead how far a row's time may be ahead of the clock, inclusive
 */
public record RowTimes(Duration maxAhead) {
  private static final String MAX_AHEAD = "starfire.rows.max-ahead";

  public RowTimes {
    if (requireNonNull(maxAhead, "maxAhead").isNegative()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%s must not be negative, got %s".formatted(MAX_AHEAD, maxAhead));
    }
  }

  /** The rule of a deployment. */
  public static RowTimes from(StarfireConfig config) {
    return new RowTimes(config.duration(MAX_AHEAD));
  }

  /**
   * Checks a row.
   *
   * @param timeMillis of the row
   * @param nowMillis when it is read; `index` takes the beginning of the run
   * @return why it is BAD_TIME, or null if it is good
   */
  public String problem(long timeMillis, long nowMillis) {
    if (timeMillis < Times.MIN_MILLIS || timeMillis >= Times.END_MILLIS) {
      return "the row's time must be in the years 1970 to 9999, got %d ms".formatted(timeMillis);
    }
    if (timeMillis - nowMillis > maxAhead.toMillis()) {
      return "the row's time %s is further ahead of the clock, which is at %s, than %s (%s)"
          .formatted(Times.format(timeMillis), Times.format(nowMillis), maxAhead, MAX_AHEAD);
    }
    return null;
  }
}
