package io.starfire.serving.coordinator;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;

/**
 * How far a query may go back to an earlier view. A change of a data source is the activation or
 * the rollback of a publication; between two changes all views show the same publications.
 * Immutable.
 *
 * @param count how many changes of a data source a query may go back; 0 means that it cannot go
 *     back
 * @param period how long after a change a query may go back before it
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
