package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.concurrent.CountDownLatch;

/** Keeps the process alive until it is told to stop, then stops cleanly what it runs. */
final class Daemon {
  private Daemon() {}

  /**
   * Waits for SIGTERM, SIGINT or the {@code failed} latch, and closes the service before the
   * process ends.
   *
   * @param failed counted down by a service that cannot go on
   */
  static void runUntilStopped(AutoCloseable service, CountDownLatch failed) {
    Thread hook = new Thread(() -> close(service), "starfire-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      failed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(AutoCloseable service) {
    try {
      service.close();
    } catch (Exception e) {
      throw new StarfireException(ErrorCode.INTERNAL, "the service did not stop cleanly: " + e, e);
    }
  }
}
