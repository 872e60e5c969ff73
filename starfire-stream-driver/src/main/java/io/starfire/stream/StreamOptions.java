package io.starfire.stream;

import static java.util.Objects.requireNonNull;

import io.starfire.config.StarfireConfig;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.time.InstantSource;

/**
 * What a stream is started with. Immutable.
 *
 * @param plan of the pipeline
 * @param config of the deployment
 * @param clock that idleness and the times of writing go by
 */
public record StreamOptions(Plan plan, StarfireConfig config, InstantSource clock) {
  public StreamOptions {
    requireNonNull(plan, "plan");
    requireNonNull(config, "config");
    requireNonNull(clock, "clock");
  }

  /**
   * A pipeline by the name of its class, on the system's clock.
   *
   * @throws io.starfire.common.StarfireException with INVALID_PIPELINE if it cannot be planned
   */
  public static StreamOptions of(String className, ClassLoader loader, StarfireConfig config) {
    return new StreamOptions(Planner.plan(className, loader), config, InstantSource.system());
  }
}
