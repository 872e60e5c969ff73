package io.starfire.jobs.flights;

/** How late a flight was, in the classes that its authorities and its passengers use. */
public enum DelayClass {
  /** Before the time on the ticket. */
  EARLY,
  /** Less than 15 minutes behind it: the US Department of Transportation calls that on time. */
  ON_TIME,
  /** From 15 minutes, inclusive, to an hour, exclusive. */
  LATE,
  /** An hour and more. */
  VERY_LATE;

  private static final int LATE_MINUTES = 15;
  private static final int VERY_LATE_MINUTES = 60;

  /** The class of a delay in minutes. */
  static DelayClass of(int minutes) {
    if (minutes < 0) {
      return EARLY;
    } else if (minutes < LATE_MINUTES) {
      return ON_TIME;
    }
    return minutes < VERY_LATE_MINUTES ? LATE : VERY_LATE;
  }
}
