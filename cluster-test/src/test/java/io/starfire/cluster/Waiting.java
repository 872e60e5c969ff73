package io.starfire.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions. Stateless. */
final class Waiting {
  private static final long PAUSE_NANOS = 20_000_000;

  private Waiting() {}

  /** Waits until a condition holds; an error that it throws counts as not yet. */
  static void until(String what, Duration atMost, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    Exception last = null;
    while (System.nanoTime() < deadline) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError("after %s not yet: %s".formatted(atMost, what), last);
  }
}
