package io.starfire.serving.query.control;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.model.QueryContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The reins of one running query: its deadline, its limits, and a flag that cancels it. The engine
 * looks at them before each block of rows. Thread-safe.
 */
public final class QueryControl {
  private final InstantSource clock;
  private final QueryLimits limits;
  private final Duration timeout;
  private final Instant deadline;
  private volatile boolean canceled;

  private QueryControl(InstantSource clock, QueryLimits limits, Duration timeout) {
    this.clock = clock;
    this.limits = limits;
    this.timeout = timeout;
    this.deadline = clock.instant().plus(timeout);
  }

  /**
   * Starts the time of a query.
   *
   * @param context whose timeout counts, if it is not above that of the limits
   */
  public static QueryControl start(InstantSource clock, QueryLimits limits, QueryContext context) {
    requireNonNull(clock, "clock");
    long asked = context.timeoutMillis().orElse(limits.timeout().toMillis());
    return new QueryControl(
        clock, limits, Duration.ofMillis(Math.min(asked, limits.timeout().toMillis())));
  }

  /** Makes the query end with CANCELED at its next block. */
  public void cancel() {
    canceled = true;
  }

  public QueryLimits limits() {
    return limits;
  }

  /** When the query must have ended. */
  public Instant deadline() {
    return deadline;
  }

  /**
   * Returns if the query may go on.
   *
   * @throws StarfireException with CANCELED if the query was cancelled; with TIMEOUT if its time is
   *     over
   */
  public void check() {
    if (canceled) {
      throw new StarfireException(ErrorCode.CANCELED, "the query was cancelled");
    }
    if (clock.instant().isAfter(deadline)) {
      throw new StarfireException(
          ErrorCode.TIMEOUT,
          "the query took longer than its limit of %d ms; ask for a shorter interval or set context.timeout (at most %d ms here)"
              .formatted(timeout.toMillis(), limits.timeout().toMillis()));
    }
  }

  public void checkScanBytes(long bytes) {
    if (bytes > limits.maxGroupBytes()) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "to order its rows by time, the scan needs more than the limit of %d bytes; use a shorter interval, fewer columns, a filter or order none"
              .formatted(limits.maxGroupBytes()));
    }
  }

  public void checkGroupBytes(long bytes) {
    if (bytes > limits.maxGroupBytes()) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the query's groups need more than the limit of %d bytes; use fewer dimensions, a coarser granularity, a filter or a shorter interval"
              .formatted(limits.maxGroupBytes()));
    }
  }
}
