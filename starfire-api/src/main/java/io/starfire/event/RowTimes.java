package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.time.Duration;

/**
 * The rule for the times of rows. The {@code index} command, the real-time node and supervisors all
 * use it. Immutable.
 *
 * <p>A time is good if it lies from the year 1970, inclusive, to the year 10000, exclusive, and is
 * at most {@code maxAhead} later than the clock. Any other row is BAD_TIME: a single row of the
 * year 9999 would get an interval of its own.
 *
 * <p>The event times of pipelines are also checked by {@link EventTimes}, when events are read.
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

  /** The rule with the {@code starfire.rows.max-ahead} of a configuration. */
  public static RowTimes from(StarfireConfig config) {
    return new RowTimes(config.duration(MAX_AHEAD));
  }

  /**
   * Checks a row.
   *
   * @param timeMillis time of the row, in milliseconds since the epoch
   * @param nowMillis when it is read; {@code index} uses the time at which the run began
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
