package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** What daemons have in common: SIGTERM and SIGINT stop them cleanly. */
final class Daemon {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private Daemon() {}

  /** Closes a service when the process is told to stop, before it ends. */
  static void closeAtExit(AutoCloseable service) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(service), "starfire-stop"));
  }

  /** Waits for a service that may end by itself. */
  interface Waiting {
    /** Returns whether it has ended, at the latest after that time. */
    boolean awaitEnd(Duration atMost) throws InterruptedException;
  }

  /**
   * Keeps the process alive until a service ends.
   *
   * @param failure why it ended; null if it was told to
   * @return the exit code
   * @throws StarfireException the failure
   */
  static int runToEnd(Waiting service, Supplier<StarfireException> failure)
      throws InterruptedException {
    boolean ended = false;
    while (!ended) {
      ended = service.awaitEnd(LOOK);
    }
    StarfireException why = failure.get();
    if (why != null) {
      throw why;
    }
    return 0;
  }

  /** Where health and metrics are, with what comes after it; nothing if there is no such port. */
  static String healthAt(int port) {
    return port < 0 ? "" : "health and metrics at http://127.0.0.1:%d; ".formatted(port);
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
