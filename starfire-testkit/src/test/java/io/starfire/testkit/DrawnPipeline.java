package io.starfire.testkit;

import io.starfire.api.Flow;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The random pipeline of a seed, which is slow to read some of its events. Only a class's name
 * travels to the tasks of a batch run, so the seed is one for this JVM: one run at a time.
 */
public final class DrawnPipeline extends RandomPipeline {
  private static final long SLOWNESS_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
  private static volatile long seedOfRun;

  /** As a task of a batch run makes it. */
  public DrawnPipeline() {
    super(seedOfRun);
  }

  DrawnPipeline(long seed) {
    super(seed);
  }

  /** The seed of the next batch run. */
  static void ofRun(long seed) {
    seedOfRun = seed;
  }

  /** Whether reading it takes long. These are sent to one partition, whose task is slow. */
  static boolean isSlow(Thing thing) {
    return Math.floorMod(thing.number(), 3) == 0;
  }

  /** Rows get their schema from the configuration, which travels to the tasks. */
  @Override
  protected ThingForm<?> form(Flow flow) {
    ThingForm<?> drawn = super.form(flow);
    return drawn instanceof ThingRows ? new ThingRows(flow.schema("things")) : drawn;
  }

  @Override
  protected Instant timeOf(Thing thing) {
    if (isSlow(thing)) {
      LockSupport.parkNanos(SLOWNESS_NANOS);
    }
    return thing.at();
  }
}
