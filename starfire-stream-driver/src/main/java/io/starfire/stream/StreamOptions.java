package io.starfire.stream;

import static java.util.Objects.requireNonNull;

import io.starfire.config.StarfireConfig;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of a stream. Immutable.
 *
 * @param plan of the pipeline
 * @param config of the deployment
 * @param clock for idleness and the times of writing
 * @param beginning whether it continues or begins again
 * @param say receives the sentences that tell what a reset does
 */
public record StreamOptions(
    Plan plan,
    StarfireConfig config,
    InstantSource clock,
    Beginning beginning,
    Consumer<String> say) {
  private static final Logger LOG = LoggerFactory.getLogger(StreamOptions.class);

  public StreamOptions {
    requireNonNull(plan, "plan");
    requireNonNull(config, "config");
    requireNonNull(clock, "clock");
    requireNonNull(beginning, "beginning");
    requireNonNull(say, "say");
  }

  /** The same options with another beginning. */
  public StreamOptions beginning(Beginning other, Consumer<String> told) {
    return new StreamOptions(plan, config, clock, other, told);
  }

  /** The same options, but the stream continues where it is. */
  StreamOptions continued() {
    return new StreamOptions(plan, config, clock, Beginning.CONTINUE, say);
  }

  /**
   * A pipeline by the name of its class, on the system's clock.
   *
   * @throws io.starfire.common.StarfireException with INVALID_PIPELINE if it cannot be planned
   */
  public static StreamOptions of(String className, ClassLoader loader, StarfireConfig config) {
    return new StreamOptions(
        Planner.plan(className, loader, RowSchemas.of(config)),
        config,
        InstantSource.system(),
        Beginning.CONTINUE,
        LOG::info);
  }
}
