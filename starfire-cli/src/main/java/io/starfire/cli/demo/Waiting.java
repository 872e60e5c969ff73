package io.starfire.cli.demo;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, with a limit, and keeps an eye on what could make them impossible. */
final class Waiting {
  private static final long PAUSE_NANOS = 50_000_000;

  private final Runnable check;

  /**
   * @param check throws what makes further waiting useless
   */
  Waiting(Runnable check) {
    this.check = check;
  }

  /**
   * Returns once the condition holds.
   *
   * @param what is waited for, for the message
   * @throws StarfireException with TIMEOUT if it does not within {@code limit}
   */
  void until(String what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      check.run();
      if (System.nanoTime() > end) {
        throw new StarfireException(
            ErrorCode.TIMEOUT,
            "the demonstration waited %d s in vain for %s; is the machine very busy?"
                .formatted(limit.toSeconds(), what));
      }
      if (Thread.interrupted()) {
        throw new StarfireException(ErrorCode.CANCELED, "interrupted while waiting for " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
