package io.starfire.testkit;

/**
 * Random pipelines as classes of their own, since only a class's name travels to the tasks. Their
 * seeds were chosen for what they have.
 */
final class SeededPipelines {
  private SeededPipelines() {}

  /** One shuffle: a join that completes on the first match. */
  public static final class OneShuffle extends RandomPipeline {
    public OneShuffle() {
      super(20);
    }
  }

  /** Two shuffles: copies are removed, then a join that completes on the first match. */
  public static final class TwoShuffles extends RandomPipeline {
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
