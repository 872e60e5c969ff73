package io.starfire.batch;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ctrl-C and SIGTERM: interrupts the thread that runs, so that it kills its job and deletes what it
 * has written, and holds the JVM until it has. Thread-safe.
 */
final class StopSignal implements AutoCloseable {
  /** Before Hadoop closes its file systems, and before RunJar deletes the classes. */
  private static final int PRIORITY = 100;

  private static final long PATIENCE_SECONDS = 90;

  private final Thread running;
  private final PrintStream err;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::stop;
  private volatile boolean received;

  private StopSignal(Thread running, PrintStream err) {
    this.running = running;
    this.err = err;
  }

  /** Interrupts the calling thread when the JVM is told to end, until closed. */
  static StopSignal interruptingThisThread(PrintStream err) {
    StopSignal signal = new StopSignal(Thread.currentThread(), err);
    ShutdownHookManager.get()
        .addShutdownHook(signal.hook, PRIORITY, PATIENCE_SECONDS, TimeUnit.SECONDS);
    return signal;
  }

  /** Whether the JVM was told to end. */
  boolean received() {
    return received;
  }

  private void stop() {
    if (ended.getCount() == 0) {
      return;
    }
    received = true;
    err.println("starfire batch: stopping; the job is killed and what it has written is deleted");
    running.interrupt();
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        err.println("starfire batch: the run did not stop in time; its directories may be left");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What ran has ended. */
  @Override
  public void close() {
    ended.countDown();
    if (!received) {
      boolean unused = ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
