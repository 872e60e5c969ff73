package io.starfire.batch.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DeadLetter;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanDescription;
import io.starfire.plan.Planner;
import io.starfire.plan.Reach;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * What travels to the tasks of a run, in the job's configuration: the pipeline's name, the text and
 * fingerprint of its plan, the configuration, the interval and the pinned lookups. A task builds
 * the plan again and refuses to run if it is another one. Immutable.
 *
 * @param plan of the pipeline
 * @param config of the deployment
 * @param interval that the run puts out
 * @param beganAtMillis when the run began, by the clock of the process that submits it
 * @param lookups where the pinned copies of the lookups lie, and their versions, by name
 * @param takesUntimed whether records of files that have no event time are counted and kept as dead
 *     letters: of several tiles that read the same files, one does so
 */
public record RunSettings(
    Plan plan,
    StarfireConfig config,
    Interval interval,
    long beganAtMillis,
    Map<String, PinnedLookup> lookups,
    boolean takesUntimed) {
  private static final String PREFIX = "starfire.batch.run.";
  static final String PIPELINE = PREFIX + "pipeline";
  private static final String DESCRIPTION = PREFIX + "plan";
  private static final String FINGERPRINT = PREFIX + "fingerprint";
  private static final String CONFIG = PREFIX + "config";
  private static final String INTERVAL = PREFIX + "interval";
  private static final String BEGAN_AT = PREFIX + "began-at-millis";
  private static final String LOOKUPS = PREFIX + "lookups";
  private static final String TAKES_UNTIMED = PREFIX + "takes-untimed";

  public RunSettings {
    lookups = Map.copyOf(lookups);
    // A limit that is wrong is refused before any task starts.
    int unused = DeadLetter.maxBytes(config);
  }

  /** Those of a whole run. */
  public static RunSettings of(
      Plan plan,
      StarfireConfig config,
      Interval interval,
      long beganAtMillis,
      Map<String, PinnedLookup> lookups) {
    return new RunSettings(plan, config, interval, beganAtMillis, lookups, true);
  }

  /** Those of a part of the run's interval. */
  RunSettings forTile(Interval tile, boolean isFirst) {
    return new RunSettings(plan, config, tile, beganAtMillis, lookups, isFirst);
  }

  /**
   * A copy of a lookup's file that was made when the run began.
   *
   * @param file on the cluster's file system
   * @param version fingerprint of its content
   */
  public record PinnedLookup(String file, String version) {}

  /** The pins of lookups, as JSON has them. */
  record PinnedLookups(Map<String, PinnedLookup> lookups) {}

  /** How much of a key, and of a value, a dead letter holds. */
  int deadLetterBytes() {
    return DeadLetter.maxBytes(config);
  }

  /** Batch grants what the pipeline asks for. */
  public Grants grants() {
    return Grants.asked(plan);
  }

  public Reach reach() {
    return Reach.of(plan, grants(), interval);
  }

  /** Writes the settings into a job's configuration. */
  public void putInto(Configuration job) {
    job.set(PIPELINE, plan.pipeline());
    job.set(DESCRIPTION, PlanDescription.text(plan));
    job.set(FINGERPRINT, plan.fingerprint());
    job.set(CONFIG, withoutClientProperties(RowSchemas.withoutFiles(config).render()));
    job.set(INTERVAL, interval.toString());
    job.setLong(BEGAN_AT, beganAtMillis);
    job.set(LOOKUPS, Json.write(new PinnedLookups(lookups)));
    job.setBoolean(TAKES_UNTIMED, takesUntimed);
  }

  /**
   * Reads the settings in a task.
   *
   * @throws StarfireException with PLAN_MISMATCH if the task builds another plan
   */
  public static RunSettings from(Configuration job) {
    // getRaw: nothing in these texts is a reference to another key.
    String description = job.getRaw(DESCRIPTION);
    if (description == null) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "the job's configuration has no plan; it was not made by Starfire");
    }
    StarfireConfig config = StarfireConfig.fromString(job.getRaw(CONFIG));
    Plan plan =
        Planner.rebuild(
            job.getRaw(PIPELINE), job.getClassLoader(), RowSchemas.of(config), description);
    if (!plan.fingerprint().equals(job.getRaw(FINGERPRINT))) {
      throw new StarfireException(
          ErrorCode.PLAN_MISMATCH,
          "pipeline '%s' has fingerprint %s in the task, and was submitted with %s; client and tasks must have the same jar"
              .formatted(plan.pipeline(), plan.fingerprint(), job.getRaw(FINGERPRINT)));
    }
    return new RunSettings(
        plan,
        config,
        Interval.parse(job.getRaw(INTERVAL)),
        Long.parseLong(job.getRaw(BEGAN_AT)),
        Json.read(job.getRaw(LOOKUPS), PinnedLookups.class, "the lookups of a run").lookups(),
        job.getBoolean(TAKES_UNTIMED, true));
  }

  /** Leaves out what may hold passwords: tasks do not need it, and other users could see it. */
  private static String withoutClientProperties(String json) {
    JsonNode root = Json.read(json, JsonNode.class, "the configuration");
    if (root.at("/starfire/kafka") instanceof ObjectNode kafka) {
      kafka.remove("properties");
    }
    if (root.at("/starfire/metadata") instanceof ObjectNode metadata) {
      metadata.remove(List.of("url", "user", "password"));
    }
    return root.toString();
  }
}
