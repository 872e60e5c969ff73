package io.starfire.serving.coordinator;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does its work whenever it is woken, and at the latest after a period. An exception
 * is logged, and does not end it. Thread-safe.
 */
final class DutyThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DutyThread.class);

  private final Runnable work;
  private final Duration period;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closing;

  DutyThread(String name, Runnable work, Duration period) {
    this.work = work;
    this.period = period;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Has the work done soon, once more if it is being done now. */
  void wake() {
    wakeUps.release();
  }

  private void run() {
    while (!closing) {
      try {
        boolean unused = wakeUps.tryAcquire(period.toMillis(), TimeUnit.MILLISECONDS);
        wakeUps.drainPermits();
        if (!closing) {
          work.run();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.error("{} failed, and goes on", thread.getName(), e);
      }
    }
  }

  /** Ends the thread after the work that it is doing. */
  @Override
  public void close() {
    closing = true;
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
