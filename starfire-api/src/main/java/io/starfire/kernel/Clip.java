package io.starfire.kernel;

import io.starfire.common.Interval;
import io.starfire.plan.Reach;
import io.starfire.plan.Shuffle;

/**
 * Which results of a stage go on: all of them in a stream, those within reach in a batch run. What
 * lies beyond was computed from surroundings that were not read whole, and may be wrong.
 */
public sealed interface Clip {
  /** Nothing is cut. */
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
      return needed.contains(timeMillis);
    }

    @Override
    public boolean writes(long timeMillis) {
      return reach.output().contains(timeMillis);
    }
  }
}
