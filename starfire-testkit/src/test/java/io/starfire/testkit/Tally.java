package io.starfire.testkit;

import io.starfire.common.Interval;
import java.time.Instant;

/**
 * The sum of things in random pipelines: it does not differ with their order.
 *
 * @param number sum of the numbers
 * @param things how many there are
 * @param least the smallest key by its text; null if none has one
 */
public record Tally(long number, long things, String least) {
  static final Tally NOTHING = new Tally(0, 0, null);

  Tally with(Thing thing) {
    return new Tally(number + thing.number(), things + 1, smaller(least, thing.right()));
  }

  Tally plus(Tally other) {
    return new Tally(number + other.number, things + other.things, smaller(least, other.least));
  }

  static Thing toThing(String key, Interval window, Tally tally) {
    Instant at = Instant.ofEpochMilli(window.startMillis());
    return new Thing(
        key + window.lengthMillis(), at, key, tally.least, tally.number, tally.things > 2);
  }

  private static String smaller(String left, String right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return left.compareTo(right) <= 0 ? left : right;
  }
}
