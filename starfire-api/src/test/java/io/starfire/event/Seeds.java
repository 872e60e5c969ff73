package io.starfire.event;

import java.util.Random;

/** The seed of a random test: printed, and taken from {@code -Dstarfire.seed} to replay a run. */
final class Seeds {
  private Seeds() {}

  static Random random(String test) {
    long seed = Long.getLong("starfire.seed", 42);
    System.out.println(test + " uses -Dstarfire.seed=" + seed);
    return new Random(seed);
  }
}
