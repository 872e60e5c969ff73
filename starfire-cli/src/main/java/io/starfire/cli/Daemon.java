package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.concurrent.CountDownLatch;

/** What daemons have in common: SIGTERM and SIGINT stop them cleanly. */
final class Daemon {
  private Daemon() {}

  /** Closes a service when the process is told to stop, before it ends. */
  static void closeAtExit(AutoCloseable service) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(service), "starfire-stop"));
  }

  /** Keeps the process alive until it is told to stop. */
  static void runForever() {
    try {
      new CountDownLatch(1).await();
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
