package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.input.Storage;
import io.starfire.batch.job.RunJobs;
import io.starfire.common.ErrorCode;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * The runs that failed after some of their jobs were done, and whose directories are kept for a
 * while, so that a run with {@code --resume} goes on with them. Thread-safe.
 */
final class KeptRuns {
  /** There if the run has ended: nobody has to wait until it counts as dead. */
  private static final String ENDED = "_ended";

  private final String workDirectory;
  private final Configuration configuration;
  private final Storage storage;

  KeptRuns(String workDirectory, Configuration configuration) {
    this.workDirectory = workDirectory;
    this.configuration = configuration;
    this.storage = Storage.of(workDirectory, configuration);
  }

  /** A run and its directory. */
  record Found(String directory, KeptRun run) {}

  /** Notes what a run is. */
  static void write(String directory, KeptRun run, Configuration configuration) {
    Storage.of(directory, configuration)
        .write(directory + "/" + KeptRun.FILE, Json.write(run).getBytes(StandardCharsets.UTF_8));
  }

  /** The run has failed, and does nothing any more. */
  static void end(String directory, Configuration configuration) {
    Storage.of(directory, configuration).write(directory + "/" + ENDED, new byte[] {'\n'});
  }

  /** The run's segments are in their places: there is nothing to go on with. */
  static void forget(String directory, Configuration configuration) {
    Storage.of(directory, configuration).delete(directory + "/" + KeptRun.FILE);
  }

  /** Whether a run left something to go on with. */
  static boolean isKept(String directory, Configuration configuration) {
    Storage storage = Storage.of(directory, configuration);
    return storage.exists(directory + "/" + KeptRun.FILE)
        && RunJobs.anyDone(directory, configuration);
  }

  /** All of them, the newest first. */
  List<Found> all() {
    List<Found> found = new ArrayList<>();
    for (FileStatus child : storage.list(workDirectory)) {
      String directory = child.getPath().toString();
      if (child.isDirectory()
          && child.getPath().getName().startsWith(Cleaning.WORK_PREFIX)
          && isKept(directory, configuration)) {
        read(directory).ifPresent(run -> found.add(new Found(directory, run)));
      }
    }
    found.sort(Comparator.comparingLong((Found each) -> each.run().beganAtMillis()).reversed());
    return found;
  }

  /** Empty if it was deleted meanwhile. */
  private Optional<KeptRun> read(String directory) {
    String file = directory + "/" + KeptRun.FILE;
    if (!storage.exists(file)) {
      return Optional.empty();
    }
    String json = new String(storage.read(file), StandardCharsets.UTF_8);
    return Optional.of(
        Json.read(json, KeptRun.class, "what the run in %s is".formatted(directory)));
  }

  /**
   * The newest run of the same pipeline and interval.
   *
   * @throws StarfireException with NOT_FOUND if there is none, with CONFLICT if it may be alive
   */
  Found newest(BatchOptions options) {
    List<Found> all = all();
    Found newest =
        all.stream()
            .filter(each -> each.run().isOf(options))
            .findFirst()
            .orElseThrow(
                () ->
                    new StarfireException(
                        ErrorCode.NOT_FOUND,
                        "no run of %s over %s can be resumed: %s has %s; start it without --resume"
                            .formatted(
                                options.pipeline(),
                                options.interval(),
                                workDirectory,
                                all.isEmpty()
                                    ? "no run that failed after a job was done"
                                    : names(all))));
    if (mayBeAlive(newest.directory())) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the run in %s is at work, or was killed in the last %d minutes; wait until it has ended"
              .formatted(newest.directory(), DeadRuns.DEAD_AFTER.toMinutes()));
    }
    return newest;
  }

  private static String names(List<Found> all) {
    return "others (%s)"
        .formatted(
            String.join(
                ", ",
                all.stream()
                    .map(each -> each.run().pipeline() + " over " + each.run().interval())
                    .toList()));
  }

  boolean mayBeAlive(String directory) {
    try {
      return !storage.exists(directory + "/" + ENDED)
          && DeadRuns.silence(storage, directory).compareTo(DeadRuns.DEAD_AFTER) <= 0;
    } catch (IOException e) {
      throw Storage.failed("looked at", directory, e);
    }
  }

  /**
   * Makes the directory of a kept run that of another one. Of several runs that try, one succeeds.
   *
   * @throws StarfireException with CONFLICT, UNAVAILABLE or NOT_FOUND for the others
   */
  void claim(Found kept, String directory) {
    storage.rename(kept.directory(), directory);
    storage.delete(directory + "/" + ENDED);
  }

  /** Deletes all that nobody is at work on, with their segments and files; how many. */
  int delete(String deepStorageRoot, String runsOfFiles, Progress progress) {
    int deleted = 0;
    for (Found each : all()) {
      if (mayBeAlive(each.directory())) {
        progress.line("%s stays: its run may be at work".formatted(each.directory()));
        continue;
      }
      String staging = staging(deepStorageRoot, each.directory());
      Storage.of(staging, configuration).delete(staging);
      String files = runsOfFiles + each.directory().substring(each.directory().lastIndexOf('/'));
      Storage.of(files, configuration).delete(files);
      storage.delete(each.directory());
      progress.line(describe(each) + " was deleted");
      deleted++;
    }
    return deleted;
  }

  static String describe(Found kept) {
    return "%s (%s over %s, begun at %s)"
        .formatted(
            kept.directory(),
            kept.run().pipeline(),
            kept.run().interval(),
            Times.format(kept.run().beganAtMillis()));
  }

  /** The directory in deep storage that belongs to that of a run. */
  static String staging(String deepStorageRoot, String directory) {
    return deepStorageRoot + "/.staging-" + directory.substring(directory.lastIndexOf('/') + 1);
  }

  /** For how long the directory of a run stays when the run has fallen silent. */
  static Duration keptFor(String directory, Duration keep, Configuration configuration) {
    boolean longer = keep.compareTo(DeadRuns.DEAD_AFTER) > 0;
    return longer && isKept(directory, configuration) ? keep : DeadRuns.DEAD_AFTER;
  }
}
