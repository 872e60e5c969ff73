package io.starfire.batch;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ctrl-C and SIGTERM: interrupts the thread that runs, so that it deletes what it has written, and
 * holds the JVM until it has. Meanwhile Hadoop's file systems stay open, which a hook of the JVM's
 * own would not wait for. Thread-safe.
 */
public final class StopSignal implements AutoCloseable {
  /** Before Hadoop closes its file systems, and before RunJar deletes the classes. */
  private static final int PRIORITY = 100;

  private static final long PATIENCE_SECONDS = 90;

  private final Thread running;
  private final PrintStream err;
  private final String command;
  private final String consequence;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::stop;
  private volatile boolean received;

  private StopSignal(Thread running, PrintStream err, String command, String consequence) {
    this.running = running;
    this.err = err;
    this.command = command;
    this.consequence = consequence;
  }

  /**
   * Interrupts the calling thread when the JVM is told to end, until closed.
   *
   * @param command that runs, for what is printed, such as {@code starfire batch}
   * @param consequence what the interrupt does, for what is printed
   */
  public static StopSignal interruptingThisThread(
      PrintStream err, String command, String consequence) {
    StopSignal signal = new StopSignal(Thread.currentThread(), err, command, consequence);
    ShutdownHookManager.get()
        .addShutdownHook(signal.hook, PRIORITY, PATIENCE_SECONDS, TimeUnit.SECONDS);
    return signal;
  }

  /** Whether the JVM was told to end. */
  public boolean received() {
    return received;
  }

  private void stop() {
    if (ended.getCount() == 0) {
      return;
    }
    received = true;
    err.println(command + ": stopping; " + consequence);
    running.interrupt();
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        err.println(command + ": the run did not stop in time; its directories may be left");
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
