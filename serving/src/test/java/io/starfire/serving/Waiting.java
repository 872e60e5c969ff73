package io.starfire.serving;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How tests of this module wait. */
public final class Waiting {
  private Waiting() {}

  /** Until a condition holds. */
  public static void await(String what, BooleanSupplier condition) {
    patient(what).until(condition::getAsBoolean);
  }

  /** Until a value is as it should be; returns it. */
  public static <T> T await(String what, Callable<T> value, Predicate<? super T> condition) {
    return patient(what).until(value, condition);
  }

  private static ConditionFactory patient(String what) {
    return Awaitility.await(what)
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        // Clients that tests use are used by the test's thread alone.
        .pollInSameThread();
  }
}
