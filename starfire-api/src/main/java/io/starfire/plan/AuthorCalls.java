package io.starfire.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import org.jspecify.annotations.Nullable;

/**
 * What is said when a function of a pipeline's author does what it must not do. Both drivers and
 * the reference driver say it in these words. Stateless.
 */
public final class AuthorCalls {
  private AuthorCalls() {}

  /**
   * The error of a function that failed: it names the operator, and keeps the cause.
   *
   * @param timeMillis the event time of the event that it was given
   */
  public static StarfireException failed(String operator, long timeMillis, Throwable cause) {
    String at = Times.format(timeMillis);
    return failed(
        "'%s', at an event at %s".formatted(operator, at),
        "the function of '%s' failed on an event at %s".formatted(operator, at),
        "it must handle every event",
        cause);
  }

  /** The same for the function that reads the event time of a source. */
  static StarfireException timeFailed(String source, Throwable cause) {
    String function = "the event time function of source '%s'".formatted(source);
    return failed(
        function,
        function + " failed",
        "it must handle every event that decodes, and may return null",
        cause);
  }

  private static StarfireException failed(
      String subject, String failed, String advice, Throwable cause) {
    if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
      // It is the process that fails, and no function.
      throw error;
    }
    if (cause instanceof StarfireException known) {
      return known.code() == ErrorCode.INVALID_PIPELINE
          ? new StarfireException(
              known.code(), "%s: %s".formatted(subject, known.getMessage()), known)
          : known;
    }
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "%s with %s; %s"
            .formatted(
                failed,
                cause,
                cause instanceof LinkageError
                    ? "a class is missing or is another than the pipeline was built with: name the"
                        + " jars of its libraries too"
                    : advice),
        cause);
  }

  /** The result of an operator's function, which must not be null. */
  public static Object notNull(PlanNode node, long timeMillis, @Nullable Object result) {
    return notNull(node.name(), timeMillis, result, node.type().name());
  }

  /**
   * The result of a function, which must not be null.
   *
   * @param expected what it should have been, without an article
   */
  public static <R> R notNull(
      String operator, long timeMillis, @Nullable R result, String expected) {
    if (result == null) {
      throw returnedNull(operator, timeMillis, expected);
    }
    return result;
  }

  /** The error of a function that returned null. */
  public static StarfireException returnedNull(String operator, long timeMillis, String expected) {
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "the function of '%s' returned null for an event at %s; it must return a %s"
            .formatted(operator, Times.format(timeMillis), expected));
  }
}
