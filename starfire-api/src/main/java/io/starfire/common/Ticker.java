package io.starfire.common;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The clock of a {@link BackgroundLoop}. A test uses its own, to control when time passes.
 * Implementations are thread-safe.
 */
public interface Ticker {
  /** The machine's clock. */
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

  /** A time that never goes back, in nanoseconds since an arbitrary start. */
  long nanoTime();

  /** Waits until it has taken a wake-up, but not longer than {@code longest}. */
  void await(Semaphore wakeUps, Duration longest) throws InterruptedException;
}
