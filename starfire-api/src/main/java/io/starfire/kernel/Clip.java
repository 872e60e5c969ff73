package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.plan.Reach;
import io.starfire.plan.Shuffle;

/**
 * Which results of a stage are passed on: all of them in a stream, those within reach in a batch
 * run. Results beyond the reach were computed from incomplete input, and may be wrong. Immutable.
 */
public sealed interface Clip {
  /** Passes everything on. */
  Clip NONE = new None();

  static Clip to(Reach reach) {
    return new ToReach(reach);
  }

  boolean sends(Shuffle shuffle, long timeMillis);

  boolean writes(long timeMillis);

  /** For the stream driver. */
  record None() implements Clip {
    @Override
    public boolean sends(Shuffle shuffle, long timeMillis) {
      return true;
    }

    @Override
    public boolean writes(long timeMillis) {
      return true;
    }
  }

  /** For the batch driver. */
  record ToReach(Reach reach) implements Clip {
    @Override
    public boolean sends(Shuffle shuffle, long timeMillis) {
      Interval needed = reach.byShuffle().get(shuffle.name());
      return requireNonNull(needed, shuffle.name()).contains(timeMillis);
    }

    @Override
    public boolean writes(long timeMillis) {
      return reach.output().contains(timeMillis);
    }
  }
}
