package io.starfire.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.batch.input.Pin;
import io.starfire.batch.input.RunInputs;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.config.StarfireConfig;
import io.starfire.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run is, as a file of its directory: a run that goes on where it failed must be the same in
 * all of this. Immutable.
 *
 * @param pipeline name of the class
 * @param interval of the run
 * @param tile length of its tiles; empty if it has none
 * @param planFingerprint of the plan. It does not cover what the author's functions do
 * @param settings parts of the configuration that results depend on, as JSON, by their keys
 * @param pin what it reads
 * @param inputs fingerprint of the list of files that it reads
 * @param beganAtMillis when it began
 */
record KeptRun(
    @JsonProperty("pipeline") String pipeline,
    @JsonProperty("interval") Interval interval,
    @JsonProperty("tile") String tile,
    @JsonProperty("planFingerprint") String planFingerprint,
    @JsonProperty("settings") Map<String, String> settings,
    @JsonProperty("pin") Pin pin,
    @JsonProperty("inputs") String inputs,
    @JsonProperty("beganAtMillis") long beganAtMillis) {
  /** Hadoop leaves names that begin so out of what it reads. */
  static final String FILE = "_run.json";

  private static final List<String> SETTINGS =
      List.of(
          "starfire.sources",
          "starfire.lookups",
          "starfire.rows",
          "starfire.archive.root",
          "starfire.deep-storage.root",
          "starfire.files.root",
          "starfire.dead-letters",
          "starfire.batch.target-rows-per-segment");

  KeptRun {
    settings = new TreeMap<>(settings);
  }

  static KeptRun of(BatchOptions options, Plan plan, Pin pin, RunInputs inputs, long beganAt) {
    return new KeptRun(
        options.pipeline(),
        options.interval(),
        options.tile(),
        plan.fingerprint(),
        settings(options.config()),
        pin,
        inputs.fingerprint(),
        beganAt);
  }

  private static Map<String, String> settings(StarfireConfig config) {
    JsonNode root = Json.read(config.render(), JsonNode.class, "the configuration");
    Map<String, String> settings = new TreeMap<>();
    for (String key : SETTINGS) {
      settings.put(key, root.at("/" + key.replace('.', '/')).toString());
    }
    return settings;
  }

  /** Whether it computes the same pipeline over the same interval. */
  boolean isOf(BatchOptions options) {
    return pipeline.equals(options.pipeline()) && interval.equals(options.interval());
  }

  /** In what a run of now differs, as parts of a sentence; empty if it is the same. */
  List<String> differences(BatchOptions options, Plan plan) {
    List<String> found = new ArrayList<>();
    if (!tile.equals(options.tile())) {
      found.add(
          "it had %s and now there is %s".formatted(tileText(tile), tileText(options.tile())));
    }
    if (!planFingerprint.equals(plan.fingerprint())) {
      found.add(
          "its plan had fingerprint %s and now has %s"
              .formatted(planFingerprint, plan.fingerprint()));
    }
    Map<String, String> now = settings(options.config());
    settings.forEach(
        (key, value) -> {
          if (!value.equals(now.get(key))) {
            found.add("%s was %s and now is %s".formatted(key, value, now.get(key)));
          }
        });
    return found;
  }

  /** The same for what it reads, when that was looked up again. */
  List<String> differences(RunInputs found) {
    List<String> differences = new ArrayList<>();
    pin.files()
        .forEach(
            (source, files) -> {
              if (!files.equals(found.files().get(source))) {
                differences.add("the files of source '%s' have changed".formatted(source));
              }
            });
    if (differences.isEmpty() && !inputs.equals(found.fingerprint())) {
      differences.add("files of the archive that it read are no longer there");
    }
    return differences;
  }

  private static String tileText(String tile) {
    return tile.isEmpty() ? "no tiles" : "tiles of " + tile;
  }
}
