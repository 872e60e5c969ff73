package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks a coordinator again that does not answer, until the time is over: after hours of work, a
 * restart of the server must not cost the result. One thread.
 */
public final class Retries {
  /** The first pause between two requests is short, since most of them need no second. */
  static final long FIRST_PAUSE_MILLIS = 50;

  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  /** After these the coordinator may take the same request later, or has taken it. */
  private static final Set<ErrorCode> MAY_PASS =
      Set.of(
          ErrorCode.UNAVAILABLE,
          ErrorCode.UNKNOWN_OUTCOME,
          ErrorCode.TIMEOUT,
          ErrorCode.CAPACITY_EXCEEDED,
          ErrorCode.INTERNAL);

  private final Duration timeout;
  private final InstantSource clock;
  private final Progress progress;

  /**
   * @param timeout after which no request is sent again
   */
  public Retries(Duration timeout, InstantSource clock, Progress progress) {
    this.timeout = timeout;
    this.clock = clock;
    this.progress = progress;
  }

  /** Whether the same request may succeed later. */
  static boolean mayPass(StarfireException e) {
    return MAY_PASS.contains(e.code());
  }

  /**
   * Sends a request until it is answered.
   *
   * @param missing what there is not yet, for a line such as "... yet: no server answers at ..."
   * @throws StarfireException as the coordinator refuses it, with the last failure if it did not
   *     answer in time, and with CANCELED if the thread is interrupted
   */
  public <T> T ask(String missing, Supplier<T> request) {
    long deadlineMillis = clock.millis() + timeout.toMillis();
    String said = "";
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return request.get();
      } catch (StarfireException e) {
        if (!mayPass(e) || clock.millis() >= deadlineMillis) {
          throw e;
        }
        if (!e.getMessage().equals(said)) {
          said = e.getMessage();
          progress.line(
              "%s yet: %s; asking again for up to %d s"
                  .formatted(missing, said, timeout.toSeconds()));
        }
      }
      pause(pauseMillis);
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
  }

  /**
   * Waits.
   *
   * @throws StarfireException with CANCELED if the thread is interrupted
   */
  static void pause(long millis) {
    try {
      // Nothing counts this down: it is a wait that an interrupt ends.
      boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "the wait for the coordinator was interrupted", e);
    }
  }
}
