package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.input.Storage;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds and deletes the directories of runs that died: those whose {@link Heartbeat} stopped some
 * time ago. Both times are of the file system's clock, so that clocks which differ do no harm. What
 * cannot be looked at or deleted is left and said. Stateless.
 */
final class DeadRuns {
  /** Beyond what a file system that is away for a while, or a long pause of the JVM, takes. */
  static final Duration DEAD_AFTER = Heartbeat.PERIOD.multipliedBy(10);

  private final Configuration configuration;
  private final Progress progress;

  DeadRuns(Configuration configuration, Progress progress) {
    this.configuration = configuration;
    this.progress = progress;
  }

  /**
   * Deletes the directories of dead runs.
   *
   * @param parents directories to look in
   * @param prefix of the names of runs' directories
   * @param keptFor how long a directory stays when its run has fallen silent
   * @return how many were deleted
   */
  int delete(List<String> parents, String prefix, Function<String, Duration> keptFor) {
    int deleted = 0;
    for (String parent : parents) {
      try {
        deleted += delete(parent, prefix, keptFor);
      } catch (StarfireException | IOException e) {
        progress.line("%s was not searched for dead runs: %s".formatted(parent, e.getMessage()));
      }
    }
    return deleted;
  }

  private int delete(String parent, String prefix, Function<String, Duration> keptFor)
      throws IOException {
    Storage storage = Storage.of(parent, configuration);
    List<FileStatus> runs =
        storage.list(parent).stream()
            .filter(status -> status.isDirectory() && status.getPath().getName().startsWith(prefix))
            .toList();
    if (runs.isEmpty()) {
      return 0;
    }
    long nowMillis = now(storage, parent);
    int deleted = 0;
    for (FileStatus run : runs) {
      long silentMillis = nowMillis - lastBeat(storage.fileSystem(), run);
      String directory = run.getPath().toString();
      if (silentMillis > DEAD_AFTER.toMillis()
          && silentMillis > keptFor.apply(directory).toMillis()) {
        storage.delete(directory);
        deleted++;
        progress.line(
            "deleted %s, left behind by a run that died %d minutes ago"
                .formatted(run.getPath(), Duration.ofMillis(silentMillis).toMinutes()));
      }
    }
    return deleted;
  }

  /** For how long nothing was heard of the run in a directory. */
  static Duration silence(Storage storage, String directory) throws IOException {
    FileStatus run = storage.fileSystem().getFileStatus(new Path(directory));
    return Duration.ofMillis(
        now(storage, run.getPath().getParent().toString()) - lastBeat(storage.fileSystem(), run));
  }

  /** What the file system's clock says. */
  static long now(Storage storage, String parent) throws IOException {
    String probe = parent + "/.now-" + UUID.randomUUID();
    storage.write(probe, new byte[0]);
    try {
      return storage.fileSystem().getFileStatus(new Path(probe)).getModificationTime();
    } finally {
      storage.delete(probe);
    }
  }

  private static long lastBeat(FileSystem files, FileStatus run) throws IOException {
    Path beat = new Path(run.getPath(), Heartbeat.FILE);
    return files.exists(beat)
        ? files.getFileStatus(beat).getModificationTime()
        : run.getModificationTime();
  }
}
