package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a number of queries run at once and a number wait; refuses the rest, so that a flood of
 * queries does not stop those that are running. Of those that wait, the query with the highest
 * priority comes first, and of these the one that came first; nobody of the same priority who comes
 * later passes it. A query of a lane that is full waits until one of the lane has ended, and lets
 * others pass. Thread-safe.
 */
final class QueryGate {
  /** How often one who waits looks whether its time is over. */
  private static final long LOOK_MILLIS = 20;

  private final ReentrantLock lock = new ReentrantLock();

  /** By priority, then by arrival. */
  private final List<Waiter> waiters = new ArrayList<>();

  private final int maxRunning;
  private final int maxWaiting;
  private final Map<String, Integer> lanes;
  private final Map<String, Integer> runningInLane = new HashMap<>();
  private int running;
  private int newcomers;

  /**
   * @param lanes of each lane, how many of its queries run at once
   */
  QueryGate(int maxRunning, int maxWaiting, Map<String, Integer> lanes) {
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
    this.lanes = lanes;
  }

  /**
   * Who a query is to the gate.
   *
   * @param priority a larger number comes first
   * @param lane one of the gate's; empty for none
   */
  record Place(int priority, String lane) {
    static final Place DEFAULT = new Place(0, "");
  }

  private static final class Waiter {
    private final Place place;
    private final Condition called;
    private boolean admitted;

    Waiter(Place place, Condition called) {
      this.place = place;
      this.called = called;
    }
  }

  /** The turn of one query. Used by one thread. */
  final class Turn implements AutoCloseable {
    private final Place place;
    private boolean held = true;

    private Turn(Place place) {
      this.place = place;
    }

    /** Lets another query run while this one only waits for somebody else. */
    void pause() {
      if (held) {
        held = false;
        leave(place);
      }
    }

    /** Waits for a turn again, behind its equals that wait; however many they are. */
    void resume(QueryControl control) {
      await(place, control, false);
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
   *     CANCELED as the control says; with INVALID_INPUT if there is no such lane
   */
  Turn enter(Place place, QueryControl control) {
    if (!place.lane.isEmpty() && !lanes.containsKey(place.lane)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "context.lane names '%s', which is no lane of this server; it has %s"
              .formatted(
                  place.lane,
                  lanes.isEmpty()
                      ? "none (starfire.server.lanes)"
                      : String.join(", ", lanes.keySet().stream().sorted().toList())));
    }
    await(place, control, true);
    return new Turn(place);
  }

  private void await(Place place, QueryControl control, boolean newcomer) {
    lock.lock();
    try {
      if (running < maxRunning
          && hasRoom(place)
          && waiters.stream().noneMatch(waiter -> hasRoom(waiter.place))) {
        admit(place);
        return;
      }
      if (newcomer && newcomers >= maxWaiting) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "%d queries are running and %d wait, which is the limit; try again later"
                .formatted(running, maxWaiting));
      }
      newcomers += newcomer ? 1 : 0;
      try {
        awaitCall(place, control);
      } finally {
        newcomers -= newcomer ? 1 : 0;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom(Place place) {
    return place.lane.isEmpty()
        || runningInLane.getOrDefault(place.lane, 0) < lanes.getOrDefault(place.lane, 0);
  }

  private void admit(Place place) {
    running++;
    if (!place.lane.isEmpty()) {
      runningInLane.merge(place.lane, 1, Integer::sum);
    }
  }

  /** Keeps its place in the row of those that wait however often it looks at the clock. */
  private void awaitCall(Place place, QueryControl control) {
    Waiter waiter = new Waiter(place, lock.newCondition());
    int at = waiters.size();
    while (at > 0 && waiters.get(at - 1).place.priority < place.priority) {
      at--;
    }
    waiters.add(at, waiter);
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
      leave(waiter.place);
    } else {
      waiters.remove(waiter);
    }
  }

  private void leave(Place place) {
    lock.lock();
    try {
      running--;
      if (!place.lane.isEmpty()) {
        runningInLane.merge(place.lane, -1, Integer::sum);
      }
      callNext();
    } finally {
      lock.unlock();
    }
  }

  private void callNext() {
    for (Waiter waiter : List.copyOf(waiters)) {
      if (running >= maxRunning) {
        return;
      }
      if (hasRoom(waiter.place)) {
        waiters.remove(waiter);
        admit(waiter.place);
        waiter.admitted = true;
        waiter.called.signal();
      }
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
