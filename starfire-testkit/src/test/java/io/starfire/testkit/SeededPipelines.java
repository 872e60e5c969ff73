package io.starfire.testkit;

/** Random pipelines as classes of their own, since only a class's name travels to the tasks. */
final class SeededPipelines {
  private SeededPipelines() {}

  /** No join. */
  public static final class One extends RandomPipeline {
    public One() {
      super(1);
    }
  }
}
