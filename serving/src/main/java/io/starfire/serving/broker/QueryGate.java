package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a number of queries run at once and a number wait; refuses the rest, so that a flood of
 * queries does not stop those that are running. Turns are given in the order of arrival, and nobody
 * who comes later passes one who waits. Thread-safe.
 */
final class QueryGate {
  /** How often one who waits looks whether its time is over. */
  private static final long LOOK_MILLIS = 50;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private final int maxRunning;
  private final int maxWaiting;
  private int running;
  private int newcomers;

  QueryGate(int maxRunning, int maxWaiting) {
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  private static final class Waiter {
    private final Condition called;
    private boolean admitted;

    Waiter(Condition called) {
      this.called = called;
    }
  }

  /** The turn of one query. Used by one thread. */
  final class Turn implements AutoCloseable {
    private boolean held = true;

    private Turn() {}

    /** Lets another query run while this one only waits for somebody else. */
    void pause() {
      if (held) {
        held = false;
        leave();
      }
    }

    /** Waits for a turn again, behind all who wait; however many these are, it is not refused. */
    void resume(QueryControl control) {
      await(control, false);
      held = true;
    }

    @Override
    public void close() {
      pause();
    }
  }

  /**
   * Waits for a turn.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if too many wait already; with TIMEOUT or
   *     CANCELED as the control says
   */
  Turn enter(QueryControl control) {
    await(control, true);
    return new Turn();
  }

  private void await(QueryControl control, boolean newcomer) {
    lock.lock();
    try {
      if (running < maxRunning && waiters.isEmpty()) {
        running++;
        return;
      }
      if (newcomer && newcomers >= maxWaiting) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "%d queries are running and %d wait, which is the limit; try again later"
                .formatted(maxRunning, maxWaiting));
      }
      newcomers += newcomer ? 1 : 0;
      try {
        awaitCall(control);
      } finally {
        newcomers -= newcomer ? 1 : 0;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps its place in the row of those that wait however often it looks at the clock. */
  private void awaitCall(QueryControl control) {
    Waiter waiter = new Waiter(lock.newCondition());
    waiters.add(waiter);
    try {
      while (!waiter.admitted) {
        if (!waiter.called.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          control.check();
        }
      }
    } catch (InterruptedException e) {
      giveUp(waiter);
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "the query was interrupted", e);
    } catch (StarfireException e) {
      giveUp(waiter);
      throw e;
    }
  }

  private void giveUp(Waiter waiter) {
    if (waiter.admitted) {
      callNext();
    } else {
      waiters.remove(waiter);
    }
  }

  private void leave() {
    lock.lock();
    try {
      callNext();
    } finally {
      lock.unlock();
    }
  }

  private void callNext() {
    Waiter next = waiters.poll();
    if (next == null) {
      running--;
    } else {
      next.admitted = true;
      next.called.signal();
    }
  }

  /** Queries that wait, those included whose client takes its time no more. */
  int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }
}
