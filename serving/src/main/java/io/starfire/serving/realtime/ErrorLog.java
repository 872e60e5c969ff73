package io.starfire.serving.realtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures of one data source: the last one for the status, and at most one line in ten seconds
 * for the log, so that something that stays broken does not fill it. Thread-safe.
 */
final class ErrorLog {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorLog.class);
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** A failure and when it happened. */
  record Failure(String message, Instant at) {}

  private final String dataSource;
  private final InstantSource clock;
  private Failure last;
  private Instant lastLine = Instant.MIN;
  private long unlogged;

  ErrorLog(String dataSource, InstantSource clock) {
    this.dataSource = dataSource;
    this.clock = clock;
  }

  synchronized void report(String what, Throwable cause) {
    Instant now = clock.instant();
    last = new Failure(what + ": " + cause.getMessage(), now);
    if (lastLine.isAfter(now.minus(QUIET))) {
      unlogged++;
      return;
    }
    lastLine = now;
    LOG.warn(
        "{}: {}: {} ({} more not logged)", dataSource, what, cause.getMessage(), unlogged, cause);
    unlogged = 0;
  }

  synchronized Optional<Failure> last() {
    return Optional.ofNullable(last);
  }
}
