package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.input.Storage;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * The directories of a run, which are deleted when it ends, unless a later run can use them. One
 * thread.
 */
final class RunDirectories {
  /** Tasks of a job that was killed may write for a moment longer, and make a directory anew. */
  private static final int CHECKS = 4;

  private static final long BETWEEN_CHECKS_MILLIS = 300;

  private final Configuration configuration;
  private final Progress progress;
  private final List<String> directories = new ArrayList<>();

  RunDirectories(Configuration configuration, Progress progress) {
    this.configuration = configuration;
    this.progress = progress;
  }

  List<String> all() {
    return List.copyOf(directories);
  }

  /** Notes a directory that is the run's alone. */
  void add(String directory) {
    directories.add(directory);
  }

  /** Leaves one to a later run. */
  void keep(String directory) {
    directories.remove(directory);
  }

  /**
   * Deletes them. One that cannot be deleted is named in a line: the run has failed of the same
   * reason, or has done its work.
   *
   * @param wasCut whether a job was cut off a moment ago, whose tasks may go on for a moment
   */
  void delete(boolean wasCut) {
    directories.forEach(this::delete);
    try {
      for (int i = 0; wasCut && i < CHECKS; i++) {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_CHECKS_MILLIS);
        directories.forEach(this::deleteIfThere);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void delete(String directory) {
    try {
      Storage.of(directory, configuration).delete(directory);
    } catch (StarfireException e) {
      tell(directory);
    }
  }

  /** What could not be deleted at first is told already. */
  private void deleteIfThere(String directory) {
    try {
      Storage.of(directory, configuration).delete(directory);
    } catch (StarfireException e) {
      return;
    }
  }

  private void tell(String directory) {
    if (mayExist(directory)) {
      progress.line(
          "%s is left behind, as it cannot be deleted now; delete it when its file system answers again"
              .formatted(directory));
    }
  }

  private boolean mayExist(String directory) {
    try {
      return Storage.of(directory, configuration).exists(directory);
    } catch (StarfireException e) {
      // It cannot be known now.
      return true;
    }
  }
}
