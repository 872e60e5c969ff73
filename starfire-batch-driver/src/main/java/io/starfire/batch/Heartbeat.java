package io.starfire.batch;

import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.input.Storage;
import io.starfire.common.BackgroundLoop;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.List;
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

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

  private final BackgroundLoop loop;
  private final Runnable atEnd;

  private Heartbeat(BackgroundLoop loop, Runnable atEnd) {
    this.loop = loop;
    this.atEnd = atEnd;
  }

  /**
   * Writes a file in each directory once, and then again and again until closed. The directories
   * are the caller's to delete.
   *
   * @throws StarfireException with UNAVAILABLE if a file system takes no changes
   */
  static Heartbeat inDirectories(List<String> directories, Configuration configuration) {
    List<String> files = directories.stream().map(directory -> directory + "/" + FILE).toList();
    return start(() -> write(files, configuration), PERIOD, () -> {});
  }

  /** The same with one file of any name, which is deleted when the heartbeat is closed. */
  static Heartbeat ofMark(String file, Configuration configuration) {
    return start(
        () -> write(List.of(file), configuration), PERIOD, () -> delete(file, configuration));
  }

  /**
   * Beats once on the calling thread, and then again and again on another.
   *
   * @param period between two beats
   * @param atEnd what is done when the heartbeat is closed
   */
  static Heartbeat start(Runnable beat, Duration period, Runnable atEnd) {
    beat.run();
    BackgroundLoop loop =
        BackgroundLoop.named("starfire-batch-alive", () -> beatOn(beat))
            .every(period)
            .retryAfter(period, period)
            .interruptAtStop()
            .build();
    loop.start();
    return new Heartbeat(loop, atEnd);
  }

  /**
   * Whatever fails, the next beat may succeed. A run that stopped beating would be taken for dead,
   * and another one would delete its directories while it is at work. So an Error does not end the
   * loop here. The run itself fails if a file system does not answer it.
   */
  private static void beatOn(Runnable beat) {
    try {
      beat.run();
    } catch (Error e) {
      throw new IllegalStateException("the mark of a run that lives was not written: " + e, e);
    }
  }

  private static void write(List<String> files, Configuration configuration) {
    for (String file : files) {
      Storage.of(file, configuration).write(file, CONTENT);
    }
  }

  @Override
  public void close() {
    Uninterrupted.run(
        () -> {
          boolean unused = loop.stop(STOP_TIMEOUT);
          atEnd.run();
        });
  }

  private static void delete(String file, Configuration configuration) {
    try {
      Storage.of(file, configuration).delete(file);
    } catch (StarfireException e) {
      // It grows old, and is then deleted by the next run.
      return;
    }
  }
}
