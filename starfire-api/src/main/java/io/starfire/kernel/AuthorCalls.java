package io.starfire.kernel;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** What is said when a function of a pipeline's author does what it must not do. Stateless. */
final class AuthorCalls {
  private AuthorCalls() {}

  /** The error of a function that failed: it names the operator, and keeps the cause. */
  static StarfireException failed(String operator, long timeMillis, RuntimeException cause) {
    if (cause instanceof StarfireException known) {
      return known.code() == ErrorCode.INVALID_PIPELINE
          ? new StarfireException(
              known.code(),
              "'%s', at an event at %s: %s"
                  .formatted(operator, Times.format(timeMillis), known.getMessage()),
              known)
          : known;
    }
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "the function of '%s' failed on an event at %s with %s; it must handle every event"
            .formatted(operator, Times.format(timeMillis), cause),
        cause);
  }

  /** The result of a function, which must not be null. */
  static Object notNull(PlanNode node, long timeMillis, @Nullable Object result) {
    if (result == null) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the function of '%s' returned null for an event at %s; it must return a %s"
              .formatted(node.name(), Times.format(timeMillis), node.type().name()));
    }
    return result;
  }
}
