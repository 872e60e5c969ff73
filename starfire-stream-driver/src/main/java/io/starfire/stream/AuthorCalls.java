package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.function.Supplier;

/** Calls functions of a pipeline's author. Stateless. */
final class AuthorCalls {
  private AuthorCalls() {}

  /** Calls, and says whose function it was if it fails. */
  static <R> R guarded(String source, Supplier<R> call) {
    try {
      return call.get();
    } catch (StarfireException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the event time function of source '%s' failed with %s; it must handle every event that decodes, and may return null"
              .formatted(source, e),
          e);
    }
  }
}
