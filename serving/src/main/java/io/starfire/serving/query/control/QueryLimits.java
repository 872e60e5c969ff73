package io.starfire.serving.query.control;

import io.starfire.serving.query.model.QueryChecks;
import java.time.Duration;

/**
 * What one query may use.
 *
 * @param maxGroupBytes memory for groups, in bytes, as estimated by the engine, for each row set
 *     that is scanned and for the merged result
 * @param timeout that a query without one of its own has, and that none may exceed
 */
public record QueryLimits(long maxGroupBytes, Duration timeout) {
  /** 256 MiB of groups, five minutes. */
  public static final QueryLimits DEFAULT = new QueryLimits(256L << 20, Duration.ofMinutes(5));

  public QueryLimits {
    if (maxGroupBytes <= 0 || timeout.isNegative() || timeout.isZero()) {
      throw QueryChecks.invalid(
          "query limits must be above 0, got %d bytes and %s", maxGroupBytes, timeout);
    }
  }
}
