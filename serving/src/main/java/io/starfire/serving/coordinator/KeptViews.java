package io.starfire.serving.coordinator;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;

/**
 * How long a query may go back. What is counted and timed is the turns of a data source, that is,
 * publications that became active or were rolled back; between two turns all views show the same
 * publications.
 *
 * @param count of a data source's last turns that a query may go back behind; 0 for none
 * @param period how long after such a turn
 */
public record KeptViews(int count, Duration period) {
  /** Queries cannot go back. */
  public static final KeptViews NONE = new KeptViews(0, Duration.ZERO);

  public KeptViews {
    requireNonNull(period, "period");
    if (count < 0 || period.isNegative()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the number and the time of kept views must not be negative, got %d and %s"
              .formatted(count, period));
    }
  }
}
