package io.starfire.cli.demo;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Whether an answer stays the same for a time. The stream says how far it is when it has computed
 * its results; they show when their transaction is committed, which takes seconds on a busy
 * machine. Not thread-safe.
 */
final class StandStill {
  private final Supplier<?> question;
  private final long nanos;
  private Object last;
  private long sinceNanos;

  StandStill(Supplier<?> question, Duration time) {
    this.question = question;
    this.nanos = time.toNanos();
  }

  /** Asks once more. */
  boolean isReached() {
    Object answer = question.get();
    if (!answer.equals(last)) {
      last = answer;
      sinceNanos = System.nanoTime();
      return false;
    }
    return System.nanoTime() - sinceNanos >= nanos;
  }
}
