package io.starfire.serving.query.run;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that scan and merge, for all queries together. A thread that is free takes work of
 * the query with the highest priority. Of several it takes the one that has the fewest threads, and
 * of those the one that waited longest. So a query of a thousand parts does not keep one of two
 * parts from its turn. Thread-safe.
 */
public final class ScanPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScanPool.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();

  /** The queries with tasks that wait; the one that was served last is at the end. */
  private final List<Share> waiting = new ArrayList<>();

  private final int threadCount;
  private boolean closed;

  /**
   * @param threads at least one
   */
  public ScanPool(int threads) {
    this.threadCount = threads;
    for (int i = 1; i <= threads; i++) {
      Thread thread = new Thread(this::serve, "starfire-scan-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  public int threads() {
    return threadCount;
  }

  /**
   * The part of one query.
   *
   * @param priority a larger number comes first
   */
  Share share(int priority) {
    return new Share(priority);
  }

  /** What one query wants done. Used by one thread, which waits for the results. */
  final class Share {
    private final int priority;
    private final Deque<Task<?>> tasks = new ArrayDeque<>();
    private final Condition changed = lock.newCondition();
    private int running;

    private Share(int priority) {
      this.priority = priority;
    }

    /**
     * Has something done after what waits already.
     *
     * @throws StarfireException with UNAVAILABLE if the pool is closed
     */
    <T> Task<T> submit(Callable<T> work) {
      return submit(work, false);
    }

    /** Has something done before what waits already: what frees memory comes before more of it. */
    <T> Task<T> submitFirst(Callable<T> work) {
      return submit(work, true);
    }

    private <T> Task<T> submit(Callable<T> action, boolean first) {
      Task<T> task = new Task<>(this, action);
      lock.lock();
      try {
        if (closed) {
          throw new StarfireException(
              ErrorCode.UNAVAILABLE, "the server is being stopped and scans nothing more");
        }
        if (tasks.isEmpty()) {
          waiting.add(this);
        }
        if (first) {
          tasks.addFirst(task);
        } else {
          tasks.addLast(task);
        }
        work.signal();
      } finally {
        lock.unlock();
      }
      return task;
    }

    /** Drops what has not begun, and returns when nothing runs any more, even if interrupted. */
    void end() {
      lock.lock();
      try {
        tasks.clear();
        waiting.remove(this);
        while (running > 0) {
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Something that is done by a thread of the pool. */
  final class Task<T> {
    private final Share share;
    private final Callable<T> action;
    private boolean done;
    private @Nullable T result;
    private @Nullable StarfireException failure;

    private Task(Share share, Callable<T> action) {
      this.share = share;
      this.action = action;
    }

    /**
     * Waits for at most so long; returns whether it is done.
     *
     * @throws StarfireException with CANCELED if the thread is interrupted
     */
    boolean await(long nanos) {
      lock.lock();
      try {
        long left = nanos;
        while (!done && left > 0) {
          left = share.changed.awaitNanos(left);
        }
        return done;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StarfireException(ErrorCode.CANCELED, "the query was interrupted", e);
      } finally {
        lock.unlock();
      }
    }

    /** The result of what is done, or its failure. */
    T result() {
      lock.lock();
      try {
        if (failure != null) {
          throw failure;
        }
        return requireNonNull(result, "a result");
      } finally {
        lock.unlock();
      }
    }

    private void run() {
      T made = null;
      StarfireException failed = null;
      try {
        made = requireNonNull(action.call(), "a result");
      } catch (StarfireException e) {
        failed = e;
      } catch (Exception | Error e) {
        LOG.error("a scan failed", e);
        failed =
            new StarfireException(
                ErrorCode.INTERNAL, "a scan failed; the server's log says why", e);
      }
      lock.lock();
      try {
        result = made;
        failure = failed;
        done = true;
        share.running--;
        share.changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void serve() {
    for (Task<?> task = next(); task != null; task = next()) {
      task.run();
    }
  }

  /** Null once the pool is closed and nothing waits. */
  private @Nullable Task<?> next() {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return null;
        }
        work.awaitUninterruptibly();
      }
      Share chosen = waiting.get(0);
      for (Share share : waiting) {
        if (share.priority > chosen.priority
            || (share.priority == chosen.priority && share.running < chosen.running)) {
          chosen = share;
        }
      }
      waiting.remove(chosen);
      Task<?> task = chosen.tasks.removeFirst();
      if (!chosen.tasks.isEmpty()) {
        waiting.add(chosen);
      }
      chosen.running++;
      return task;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; what waits is done yet. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
