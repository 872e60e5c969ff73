package io.starfire.serving.query.control;

import io.starfire.serving.query.model.QueryChecks;
import java.time.Duration;

/**
 * What one query may use.
 *
 * @param maxMemoryBytes of memory, as estimated by the engine, over all scans and merges of the
 *     query together
 * @param timeout that a query without one of its own has, and that none may exceed
 */
public record QueryLimits(long maxMemoryBytes, Duration timeout) {
  /** 512 MiB, five minutes. */
  public static final QueryLimits DEFAULT = new QueryLimits(512L << 20, Duration.ofMinutes(5));

  public QueryLimits {
    if (maxMemoryBytes <= 0 || timeout.isNegative() || timeout.isZero()) {
      throw QueryChecks.invalid(
          "query limits must be above 0, got %d bytes and %s", maxMemoryBytes, timeout);
    }
  }
}
