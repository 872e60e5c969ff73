package io.starfire.batch;

import io.starfire.batch.input.Storage;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes a small file anew into each directory of a run, again and again, as long as the run lives.
 * A directory whose file is old is that of a dead run: see {@link DeadRuns}. Thread-safe.
 */
final class Heartbeat implements AutoCloseable {
  /** Hadoop leaves names that begin so out of what it reads. */
  static final String FILE = "_alive";

  static final Duration PERIOD = Duration.ofMinutes(1);
  private static final byte[] CONTENT = {'\n'};

  private final List<String> directories;
  private final Configuration configuration;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "starfire-batch-alive");
            thread.setDaemon(true);
            return thread;
          });

  private Heartbeat(List<String> directories, Configuration configuration) {
    this.directories = List.copyOf(directories);
    this.configuration = configuration;
  }

  /**
   * Writes the files once, and then again and again until closed.
   *
   * @throws StarfireException with UNAVAILABLE if a file system takes no changes
   */
  static Heartbeat start(List<String> directories, Configuration configuration) {
    Heartbeat heartbeat = new Heartbeat(directories, configuration);
    heartbeat.beat();
    long millis = PERIOD.toMillis();
    var unused =
        heartbeat.timer.scheduleWithFixedDelay(
            heartbeat::beatAgain, millis, millis, TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  private void beat() {
    for (String directory : directories) {
      Storage.of(directory, configuration).write(directory + "/" + FILE, CONTENT);
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

  /** Stops; the directories are the caller's to delete. */
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      boolean unused = timer.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
