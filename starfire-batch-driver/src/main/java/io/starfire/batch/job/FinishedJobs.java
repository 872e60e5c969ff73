package io.starfire.batch.job;

import io.starfire.batch.input.Storage;
import io.starfire.common.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Notes which jobs of a run are done, as files of its directory, so that a later run can use their
 * output. Thread-safe.
 */
final class FinishedJobs {
  private static final String DIRECTORY = "/finished/";
  private static final String SUFFIX = ".json";

  private final String directory;
  private final Configuration configuration;

  /**
   * @param directory of the run
   */
  FinishedJobs(String directory, Configuration configuration) {
    this.directory = directory;
    this.configuration = configuration;
  }

  /** What a job counted; empty if it is not done. */
  Optional<JobTotals> find(String job) {
    String file = file(job);
    Storage storage = Storage.of(file, configuration);
    if (!storage.exists(file)) {
      return Optional.empty();
    }
    String json = new String(storage.read(file), StandardCharsets.UTF_8);
    return Optional.of(
        Json.read(json, JobTotals.class, "what the job '%s' counted".formatted(job)));
  }

  /** Whether any job is done. */
  boolean any() {
    return !Storage.of(directory, configuration).list(directory + DIRECTORY).isEmpty();
  }

  /** Its output is complete. */
  void add(String job, JobTotals counted) {
    String file = file(job);
    Storage.of(file, configuration)
        .write(file, Json.write(counted).getBytes(StandardCharsets.UTF_8));
  }

  /** Its output is no longer to be used. */
  void remove(String job) {
    String file = file(job);
    Storage.of(file, configuration).delete(file);
  }

  private String file(String job) {
    return directory + DIRECTORY + job + SUFFIX;
  }
}
