package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a number of queries run at once and a number wait, in order of arrival; refuses the rest, so
 * that a flood of queries does not stop those that are running. Thread-safe.
 */
final class QueryGate {
  /** How often one who waits looks whether its time is over. */
  private static final long LOOK_MILLIS = 50;

  private final Semaphore running;
  private final AtomicInteger waiting = new AtomicInteger();
  private final int maxRunning;
  private final int maxWaiting;

  QueryGate(int maxRunning, int maxWaiting) {
    this.running = new Semaphore(maxRunning, true);
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  /** Waits for a turn, which {@link #leave} gives back. */
  void enter(QueryControl control) {
    if (running.tryAcquire()) {
      return;
    }
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "%d queries are running and %d wait, which is the limit; try again later"
              .formatted(maxRunning, maxWaiting));
    }
    try {
      while (!running.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        control.check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "the query was interrupted", e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  void leave() {
    running.release();
  }
}
