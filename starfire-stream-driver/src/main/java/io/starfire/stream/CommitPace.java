package io.starfire.stream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Says when a thread should commit before the commit interval is over. While it is behind, a commit
 * costs time in which records could be read. When it has caught up, nothing is won by waiting: a
 * result that passes a log waits for two commits. So it then commits after a quarter of the
 * interval, but leaves between two commits at least three times what the last one took.
 * Thread-safe.
 */
final class CommitPace {
  /** A poll that gives more shows that the thread is behind. */
  private static final int FEW_RECORDS = 500;

  private static final int SHARE = 4;
  private static final int REST = 3;

  private final long leastNanos;
  private final LongSupplier nanoTime;
  private final ThreadLocal<Pace> paces = ThreadLocal.withInitial(this::first);

  /** What is known of one thread. */
  private static final class Pace {
    private boolean isBehind;
    private long begunNanos;
    private long committedNanos;
    private long tookNanos;
  }

  CommitPace(Duration commitInterval, LongSupplier nanoTime) {
    this.leastNanos = least(commitInterval).toNanos();
    this.nanoTime = nanoTime;
  }

  /** The time between two commits of a thread that has caught up. */
  static Duration least(Duration commitInterval) {
    return Duration.ofMillis(Math.max(1, commitInterval.toMillis() / SHARE));
  }

  /** This thread has polled. */
  void polled(int records) {
    pace().isBehind = records > FEW_RECORDS;
  }

  /** This thread begins to commit. */
  void begins() {
    pace().begunNanos = nanoTime.getAsLong();
  }

  /** This thread has committed. */
  void committed() {
    Pace pace = pace();
    pace.committedNanos = nanoTime.getAsLong();
    pace.tookNanos = pace.committedNanos - pace.begunNanos;
  }

  /** Whether this thread should commit what it has done. */
  boolean isDue() {
    Pace pace = pace();
    long sinceNanos = nanoTime.getAsLong() - pace.committedNanos;
    return !pace.isBehind && sinceNanos >= Math.max(leastNanos, REST * pace.tookNanos);
  }

  private Pace pace() {
    return paces.get();
  }

  private Pace first() {
    Pace first = new Pace();
    first.committedNanos = nanoTime.getAsLong();
    return first;
  }
}
