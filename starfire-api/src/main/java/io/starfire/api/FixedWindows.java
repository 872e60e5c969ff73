package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.time.Duration;

/**
 * Windows of one size, aligned to the epoch in UTC. Immutable.
 *
 * @param size whole milliseconds, from 1 millisecond to 3650 days, inclusive
 */
record FixedWindows(Duration size) implements Tumbling {
  private static final Duration MAX = Duration.ofDays(3650);

  FixedWindows {
    requireNonNull(size, "size");
    if (size.compareTo(Duration.ofMillis(1)) < 0
        || size.compareTo(MAX) > 0
        || size.toNanos() % 1_000_000 != 0) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the size of a tumbling window must be whole milliseconds between PT0.001S and %s, got %s"
              .formatted(MAX, size));
    }
  }

  @Override
  public Interval windowOf(long timeMillis) {
    long sizeMillis = size.toMillis();
    long start = Math.floorDiv(timeMillis, sizeMillis) * sizeMillis;
    return Tumbling.inEventTime(start, start + sizeMillis);
  }

  @Override
  public Duration longest() {
    return size;
  }

  /** Such as {@code PT1H}. */
  @Override
  public String toString() {
    return size.toString();
  }
}
