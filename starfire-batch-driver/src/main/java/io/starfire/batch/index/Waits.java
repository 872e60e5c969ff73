package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for work on other threads. Stateless. */
final class Waits {
  private Waits() {}

  /**
   * The result, once it is there.
   *
   * @throws StarfireException as the work did; with CANCELED if this thread is interrupted
   */
  static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "the run was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StarfireException known) {
        throw known;
      }
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "a segment could not be written: %s; --verbose shows where".formatted(e.getCause()),
          e.getCause());
    }
  }
}
