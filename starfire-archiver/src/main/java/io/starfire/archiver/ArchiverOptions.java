package io.starfire.archiver;

import static java.util.Objects.requireNonNull;

import io.starfire.config.StarfireConfig;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.time.InstantSource;

/**
 * The options of an archiver. Immutable.
 *
 * @param plan of the pipeline whose raw topics are archived
 * @param config of the deployment
 * @param clock by which files are rolled and marks are made
 * @param newTopic whether a topic that was deleted and created again is archived as a range of its
 *     own; otherwise it is a data loss, and the archiver does not start
 */
public record ArchiverOptions(
    Plan plan, StarfireConfig config, InstantSource clock, boolean newTopic) {
  public ArchiverOptions {
    requireNonNull(plan, "plan");
    requireNonNull(config, "config");
    requireNonNull(clock, "clock");
  }

  /**
   * A pipeline by the name of its class, on the system's clock.
   *
   * @throws io.starfire.common.StarfireException with INVALID_PIPELINE if it cannot be planned
   */
  public static ArchiverOptions of(String className, ClassLoader loader, StarfireConfig config) {
    return new ArchiverOptions(
        Planner.plan(className, loader, RowSchemas.of(config)),
        config,
        InstantSource.system(),
        false);
  }

  /** The same, archiving topics that were created again as ranges of their own. */
  public ArchiverOptions withNewTopic(boolean allowed) {
    return new ArchiverOptions(plan, config, clock, allowed);
  }
}
