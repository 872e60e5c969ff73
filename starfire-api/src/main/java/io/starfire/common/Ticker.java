package io.starfire.common;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The time of a {@link BackgroundLoop}. A test gives its own, so that it says when time passes.
 * Implementations are thread-safe.
 */
public interface Ticker {
  /** The machine's own time. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void await(Semaphore wakeUps, Duration longest) throws InterruptedException {
          boolean unused = wakeUps.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        }
      };

  /** A time that never goes back, in nanoseconds from an arbitrary start. */
  long nanoTime();

  /** Returns when a wake-up has been taken, and at the latest after that time. */
  void await(Semaphore wakeUps, Duration longest) throws InterruptedException;
}
