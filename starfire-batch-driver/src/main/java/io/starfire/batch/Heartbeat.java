package io.starfire.batch;

import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.input.Storage;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes small files anew, again and again, as long as a run lives: one in each of its directories,
 * or a mark of its own. An old file is that of a dead run: see {@link DeadRuns} and {@link
 * LiveMarks}. Thread-safe.
 */
public final class Heartbeat implements AutoCloseable {
  /** Hadoop leaves names that begin so out of what it reads. */
  static final String FILE = "_alive";

  static final Duration PERIOD = Duration.ofMinutes(1);
  private static final byte[] CONTENT = {'\n'};

  private final List<String> files;
  private final boolean deletesAtEnd;
  private final Configuration configuration;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "starfire-batch-alive");
            thread.setDaemon(true);
            return thread;
          });

  private Heartbeat(List<String> files, boolean deletesAtEnd, Configuration configuration) {
    this.files = List.copyOf(files);
    this.deletesAtEnd = deletesAtEnd;
    this.configuration = configuration;
  }

  /**
   * Writes a file in each directory once, and then again and again until closed. The directories
   * are the caller's to delete.
   *
   * @throws StarfireException with UNAVAILABLE if a file system takes no changes
   */
  static Heartbeat inDirectories(List<String> directories, Configuration configuration) {
    return start(
        directories.stream().map(directory -> directory + "/" + FILE).toList(),
        false,
        configuration);
  }

  /** The same with one file of any name, which is deleted when the heartbeat is closed. */
  static Heartbeat ofMark(String file, Configuration configuration) {
    return start(List.of(file), true, configuration);
  }

  private static Heartbeat start(
      List<String> files, boolean deletesAtEnd, Configuration configuration) {
    Heartbeat heartbeat = new Heartbeat(files, deletesAtEnd, configuration);
    heartbeat.beat();
    long millis = PERIOD.toMillis();
    var unused =
        heartbeat.timer.scheduleWithFixedDelay(
            heartbeat::beatAgain, millis, millis, TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  private void beat() {
    for (String file : files) {
      Storage.of(file, configuration).write(file, CONTENT);
    }
  }

  private void beatAgain() {
    try {
      beat();
    } catch (StarfireException e) {
      // The run itself says it if a file system does not answer; the next beat may arrive.
      return;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    Uninterrupted.run(
        () -> {
          awaitTimer();
          if (deletesAtEnd) {
            files.forEach(this::delete);
          }
        });
  }

  private void awaitTimer() {
    try {
      boolean unused = timer.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void delete(String file) {
    try {
      Storage.of(file, configuration).delete(file);
    } catch (StarfireException e) {
      // It grows old, and is then deleted by the next run.
      return;
    }
  }
}
