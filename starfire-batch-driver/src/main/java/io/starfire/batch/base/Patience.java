package io.starfire.batch.base;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Says what a run waits for when a step takes long: Hadoop's clients try again for a minute, and
 * say nothing meanwhile. Used by one thread; the lines come from another, one at a time.
 */
public final class Patience implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Progress progress;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "starfire-batch-patience");
            thread.setDaemon(true);
            return thread;
          });

  public Patience(Progress progress) {
    this.progress = progress;
  }

  /**
   * Does something.
   *
   * @param what it waits for, for a line such as "still waiting for ... (20 s)"
   */
  public <T> T during(String what, Supplier<T> work) {
    long startedNanos = System.nanoTime();
    Future<?> reminder =
        timer.scheduleAtFixedRate(
            () ->
                progress.line(
                    "still waiting for %s (%d s)"
                        .formatted(
                            what, Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds())),
            INTERVAL.toMillis(),
            INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return work.get();
    } finally {
      reminder.cancel(false);
    }
  }

  /** The same without a result. */
  public void during(String what, Runnable work) {
    Void unused =
        during(
            what,
            () -> {
              work.run();
              return null;
            });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
