package io.starfire.batch;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import java.util.Map;

/**
 * The options of a batch run. Immutable.
 *
 * @param pipeline name of the pipeline's class
 * @param interval whole segment buckets; start inclusive, end exclusive
 * @param config of the deployment
 * @param hadoopProperties Hadoop's, by its own names; they win over those of the configuration
 * @param hold whether the publication stays staged until a user activates it
 * @param acceptLoss whether it may hold fewer events than what it hides
 * @param allowIncomplete whether an open interval, or an incomplete archive, is accepted
 * @param tile length of the parts that are computed one by one, such as P1D; empty for one part
 * @param resume whether the jobs that an earlier run has done are used
 */
public record BatchOptions(
    String pipeline,
    Interval interval,
    StarfireConfig config,
    Map<String, String> hadoopProperties,
    boolean hold,
    boolean acceptLoss,
    boolean allowIncomplete,
    String tile,
    boolean resume) {
  public BatchOptions {
    requireNonNull(tile, "tile");
    requireNonNull(pipeline, "pipeline");
    requireNonNull(interval, "interval");
    requireNonNull(config, "config");
    hadoopProperties = Map.copyOf(hadoopProperties);
  }

  /** A run of one part, from its beginning. */
  public BatchOptions(
      String pipeline,
      Interval interval,
      StarfireConfig config,
      Map<String, String> hadoopProperties,
      boolean hold,
      boolean acceptLoss,
      boolean allowIncomplete) {
    this(
        pipeline, interval, config, hadoopProperties, hold, acceptLoss, allowIncomplete, "", false);
  }

  /** The same computed in parts. */
  public BatchOptions withTile(String length) {
    return new BatchOptions(
        pipeline,
        interval,
        config,
        hadoopProperties,
        hold,
        acceptLoss,
        allowIncomplete,
        length,
        resume);
  }

  /** The same that uses what an earlier run has done. */
  public BatchOptions resumed() {
    return new BatchOptions(
        pipeline,
        interval,
        config,
        hadoopProperties,
        hold,
        acceptLoss,
        allowIncomplete,
        tile,
        true);
  }

  /** A run with nothing out of the ordinary. */
  public static BatchOptions of(String pipeline, Interval interval, StarfireConfig config) {
    return new BatchOptions(pipeline, interval, config, Map.of(), false, false, false);
  }
}
