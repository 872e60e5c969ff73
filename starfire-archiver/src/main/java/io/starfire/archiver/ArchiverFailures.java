package io.starfire.archiver;

import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Says in a sentence why an archiver cannot go on. Stateless. */
final class ArchiverFailures {
  private static final String SAFE =
      "what is listed is safe, and the archiver goes on there when it is started again";

  private ArchiverFailures() {}

  /**
   * @param root of the archive
   */
  static StarfireException of(String root, Throwable cause) {
    if (cause instanceof StarfireException known) {
      return known;
    }
    if (DiskFull.isCauseOf(cause)) {
      return new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "disk full: the archive at %s has no room (%s); make room, for example with 'starfire archive prune', and start again; %s"
              .formatted(root, cause.getMessage(), SAFE),
          cause);
    }
    if (cause instanceof IOException || cause instanceof UncheckedIOException) {
      return new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the archive at %s cannot be read or written: %s; %s"
              .formatted(root, cause.getMessage(), SAFE),
          cause);
    }
    return new StarfireException(
        ErrorCode.INTERNAL,
        "the archiver stopped at an unexpected error: %s; %s".formatted(cause, SAFE),
        cause);
  }
}
