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
 * @param withoutSilence what {@code watermark} would be if no silence had moved it; never above it
 * @param knownAtMillis clock time at or after the moment at which the task reached {@code
 *     watermark}
 * @param idleness of the task's raw partition; only tasks that read one are ever idle
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
