package io.starfire.stream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Work that is waited for so long and no longer. Stateless. */
final class Bounded {
  private Bounded() {}

  /**
   * Runs work in a thread of its own, which does not keep the process alive.
   *
   * @return whether it has ended in time; if not, it is left to itself
   */
  static boolean run(String name, Runnable work, Duration timeout) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    try {
      TimeUnit.MILLISECONDS.timedJoin(thread, timeout.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
