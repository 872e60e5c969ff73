package io.starfire.testkit;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.plan.AuthorCalls;
import io.starfire.plan.PlanNode.SourceNode;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Calls the functions of a pipeline's author, each of them twice: what depends on more than its
 * input differs then. Stateless.
 */
final class Repeated {
  private Repeated() {}

  /**
   * What a function gives.
   *
   * @param operator whose function it is
   * @param timeMillis the event time of what it is given
   * @param same whether two results are the same
   */
  static <R> R call(
      String operator, long timeMillis, Supplier<R> function, BiPredicate<R, R> same) {
    R first = once(operator, timeMillis, function);
    require(operator, timeMillis, same.test(first, once(operator, timeMillis, function)));
    return first;
  }

  /** Refuses a function of which two results differ. */
  static void require(String operator, long timeMillis, boolean same) {
    if (!same) {
      throw differs("the function of '%s'".formatted(operator), " at " + Times.format(timeMillis));
    }
  }

  /** The same without a second call. */
  static <R> R once(String operator, long timeMillis, Supplier<R> function) {
    try {
      return function.get();
    } catch (RuntimeException | Error e) {
      throw AuthorCalls.failed(operator, timeMillis, e);
    }
  }

  /** The event time of an event; null if it has none. */
  static Instant time(SourceNode source, Object event) {
    Instant first = source.timeOf(event);
    if (!Objects.equals(first, source.timeOf(event))) {
      throw differs("the event time function of source '%s'".formatted(source.name()), "");
    }
    return first;
  }

  private static StarfireException differs(String function, String at) {
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "%s gives another result for the same event%s when it is called again; it must use nothing but its input: no clock, no random numbers, no counters"
            .formatted(function, at));
  }
}
