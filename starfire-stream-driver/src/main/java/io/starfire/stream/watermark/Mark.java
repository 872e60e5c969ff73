package io.starfire.stream.watermark;

import static java.util.Objects.requireNonNull;

/**
 * What one task tells those downstream of it: that no on-time event below {@code watermark} will
 * follow from it. Immutable.
 *
 * @param stage the task's stage
 * @param partition the task's number in its stage
 * @param tasks how many tasks the stage has
 * @param watermark what the task's results to come are at or above, milliseconds; {@link #UNKNOWN}
 *     before its first event
 * @param knownAtMillis clock time at or after the moment at which the task reached {@code
 *     watermark}
 * @param idleAsOfMillis {@link #ACTIVE}, or the clock time as of which the task's raw partition had
 *     nothing left to read, after which nothing came; only tasks that read a raw partition are idle
 */
public record Mark(
    String stage,
    int partition,
    int tasks,
    long watermark,
    long knownAtMillis,
    long idleAsOfMillis) {
  /** A watermark that is not known yet: below every event time. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  /** Not idle. */
  public static final long ACTIVE = Long.MIN_VALUE;

  public Mark {
    requireNonNull(stage, "stage");
    if (partition < 0 || partition >= tasks) {
      throw new IllegalArgumentException(
          "partition of stage '%s' must be in [0-%d), got %d".formatted(stage, tasks, partition));
    }
  }

  public boolean isIdle() {
    return idleAsOfMillis != ACTIVE;
  }
}
