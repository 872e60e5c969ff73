package io.starfire.stream.watermark;

import static java.util.Objects.requireNonNull;

/**
 * A message from one task to the tasks downstream of it: "I will send no more on-time events below
 * {@code watermark}." Immutable.
 *
 * @param stage the task's stage
 * @param partition the task's number in its stage
 * @param tasks how many tasks the stage has
 * @param watermark all later results of the task are at or above it, in milliseconds; {@link
 *     #UNKNOWN} before its first event
 * @param withoutSilence what {@code watermark} would be if no silence had moved it; at most {@code
 *     watermark}
 * @param knownAtMillis the clock time at which the task reached {@code watermark}, or a little
 *     later
 * @param idleness of the raw partition that the task reads; a task that reads none is never idle
 */
public record Mark(
    String stage,
    int partition,
    int tasks,
    long watermark,
    long withoutSilence,
    long knownAtMillis,
    Idleness idleness) {
  /** A watermark that is not known yet: below every event time. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  public Mark {
    requireNonNull(stage, "stage");
    requireNonNull(idleness, "idleness");
    if (partition < 0 || partition >= tasks) {
      throw new IllegalArgumentException(
          "partition of stage '%s' must be in [0-%d), got %d".formatted(stage, tasks, partition));
    }
    if (withoutSilence > watermark) {
      throw new IllegalArgumentException(
          "withoutSilence of stage '%s' must be at most its watermark %d, got %d"
              .formatted(stage, watermark, withoutSilence));
    }
  }

  public boolean isIdle() {
    return idleness.isIdle();
  }
}
