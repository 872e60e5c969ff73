package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;

/** Tells errors that end a stream from those that pass. Stateless. */
final class Failures {
  private Failures() {}

  /**
   * What to make of an error.
   *
   * @param failure why the stream ends; null if the error passes
   */
  record Verdict(StarfireException failure) {
    boolean passes() {
      return failure == null;
    }
  }

  static Verdict judge(Throwable error, String applicationId) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof StarfireException sentence) {
        return new Verdict(sentence);
      }
      if (cause instanceof InvalidOffsetException gone) {
        return new Verdict(
            new StarfireException(
                ErrorCode.INCOMPLETE_INPUT,
                "data loss: the stream '%s' has no offset within the logs of %s; records were deleted before it had read them, or the topic was made anew. Mend the interval by a batch run, and start the stream under another starfire.stream.application-id-prefix"
                    .formatted(applicationId, gone.partitions()),
                error));
      }
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof RetriableException
          || cause instanceof TaskMigratedException
          || cause instanceof TaskCorruptedException) {
        return new Verdict(null);
      }
    }
    return new Verdict(
        new StarfireException(
            ErrorCode.INTERNAL,
            "the stream '%s' stopped at an unexpected error: %s"
                .formatted(applicationId, root(error)),
            error));
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
