package io.starfire.testkit;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Random pipelines as classes of their own, since only a class's name travels to the tasks. Their
 * seeds were chosen for what they have.
 */
final class SeededPipelines {
  private static final long SLOWNESS_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private SeededPipelines() {}

  /** Whether reading it takes long. Most of these are sent to one partition, whose task is slow. */
  static boolean isSlow(Thing thing) {
    return Math.floorMod(thing.number(), 3) == 0;
  }

  /** A random pipeline that is slow to read some of its events. */
  private static class Slow extends RandomPipeline {
    private Slow(long seed) {
      super(seed);
    }

    @Override
    protected Instant timeOf(Thing thing) {
      if (isSlow(thing)) {
        LockSupport.parkNanos(SLOWNESS_NANOS);
      }
      return thing.at();
    }
  }

  /** One shuffle: a join that completes on the first match. */
  public static final class OneShuffle extends Slow {
    public OneShuffle() {
      super(20);
    }
  }

  /** Two shuffles: copies are removed, then a join that completes on the first match. */
  public static final class TwoShuffles extends Slow {
    public TwoShuffles() {
      super(29);
    }
  }

  /** Three shuffles: copies are removed, and two joins, one of a stream with itself. */
  public static final class SelfJoin extends RandomPipeline {
    public SelfJoin() {
      super(23);
    }
  }

  /** Three sources, three joins, two of them on the first match. */
  public static final class ThreeSources extends RandomPipeline {
    public ThreeSources() {
      super(42);
    }
  }

  /** Three joins that complete on the first match, one of a stream with itself. */
  public static final class AllOnFirst extends RandomPipeline {
    public AllOnFirst() {
      super(49);
    }
  }

  /** One source that joins itself twice. */
  public static final class Alone extends RandomPipeline {
    public Alone() {
      super(51);
    }
  }
}
