package io.starfire.cli.replay;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * How a file is replayed.
 *
 * @param speedUp event time that passes in a unit of time; 0 for as fast as Kafka takes it
 * @param skip rows at the start of the file that are not sent
 * @param limit how many rows are sent at most
 */
public record ReplayOptions(double speedUp, long skip, long limit) {
  public ReplayOptions {
    if (!(speedUp >= 0) || Double.isInfinite(speedUp)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "--speed-up must be a number above 0, got " + speedUp);
    }
    if (skip < 0 || limit < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "--skip and --limit must not be negative, got %d and %d".formatted(skip, limit));
    }
  }

  /** All of the file, at full speed. */
  public static ReplayOptions all() {
    return new ReplayOptions(0, 0, Long.MAX_VALUE);
  }
}
