package io.starfire.stream;

import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;

/** Tells errors that end a stream from those that pass. Stateless. */
final class Failures {
  private Failures() {}

  /**
   * What to make of an error.
   *
   * @param failure why the stream ends; null if the error passes
   * @param isExplained whether the failure says what happened; else the topics may tell more
   */
  record Verdict(StarfireException failure, boolean isExplained) {
    private static final Verdict PASSES = new Verdict(null, true);

    boolean passes() {
      return failure == null;
    }
  }

  /**
   * Judges an error of Kafka Streams.
   *
   * @param stateDirectory the only place on the local disk that a stream writes to
   */
  static Verdict judge(Throwable error, String applicationId, Path stateDirectory) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof StarfireException sentence) {
        return new Verdict(sentence, true);
      }
      if (cause instanceof InvalidOffsetException gone) {
        return new Verdict(
            new StarfireException(
                ErrorCode.INCOMPLETE_INPUT,
                "data loss: the stream '%s' has no offset within the logs of %s; records were deleted before it had read them, or the topic was deleted and created again. Begin the stream anew with --reset --from committed, and run a batch job over the interval"
                    .formatted(applicationId, gone.partitions()),
                error),
            false);
      }
    }
    if (DiskFull.isCauseOf(error)) {
      return new Verdict(
          DiskFull.at(
              "the state of the stream '%s'".formatted(applicationId), stateDirectory, error),
          true);
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException) {
        return new Verdict(
            new StarfireException(
                ErrorCode.INVALID_INPUT,
                "Kafka refused a record of the stream '%s' for its size: %s. Raise max.message.bytes of the topic, or lower starfire.stream.max-record-bytes or starfire.dead-letters.max-bytes"
                    .formatted(applicationId, error.getMessage()),
                error),
            true);
      }
      if (cause instanceof RetriableException
          || cause instanceof TaskMigratedException
          || cause instanceof FencedInstanceIdException
          || cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException
          || cause instanceof InvalidPidMappingException
          || cause instanceof TaskCorruptedException) {
        return Verdict.PASSES;
      }
    }
    return new Verdict(
        new StarfireException(
            ErrorCode.INTERNAL,
            "the stream '%s' stopped at an unexpected error: %s"
                .formatted(applicationId, root(error)),
            error),
        false);
  }

  /**
   * Asks the brokers from a task. If none answers, that is an error of Kafka that passes: the task
   * begins again.
   */
  static <T> T orTimeout(Supplier<T> question) {
    try {
      return question.get();
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.UNAVAILABLE) {
        throw new TimeoutException(e.getMessage(), e);
      }
      throw e;
    }
  }

  /** Another process has begun the stream anew. */
  static StarfireException wasReset(String applicationId, int generation) {
    return new StarfireException(
        ErrorCode.CONFLICT,
        "the stream '%s' was begun anew by another process, as generation %d; this one ends. Start it again to take part in that"
            .formatted(applicationId, generation));
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
