package io.starfire.batch.index;

import static java.util.Objects.requireNonNull;

import io.starfire.config.StarfireConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * What an indexing run is asked to do. Immutable.
 *
 * @param files to read, in this order; empty if the spec's input source says which
 * @param spec file with the ingestion spec, as JSON
 * @param config of the deployment
 * @param temporaryDirectory in which the run makes a directory for spilled rows and segments, and
 *     deletes it
 * @param dryRun whether segments are only built, and deleted again
 * @param hold whether the publication stays staged until somebody activates it
 * @param acceptLoss whether it may hold fewer events than what it hides
 */
public record IndexOptions(
    List<Path> files,
    Path spec,
    StarfireConfig config,
    Path temporaryDirectory,
    boolean dryRun,
    boolean hold,
    boolean acceptLoss) {
  public IndexOptions {
    files = List.copyOf(files);
    requireNonNull(spec, "spec");
    requireNonNull(config, "config");
    requireNonNull(temporaryDirectory, "temporaryDirectory");
  }
}
