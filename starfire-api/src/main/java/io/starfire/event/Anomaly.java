package io.starfire.event;

/** Things worth counting that are not outcomes: the event they concern has an outcome besides. */
public enum Anomaly {
  /** An identity that was seen at another event time; both are kept. */
  IDENTITY_CONFLICT,
  /** A copy of an identified event whose content differs from the one that was kept. */
  CONFLICTING_DUPLICATE,
  /**
   * Stream only: an event that is LATE because all sources had been silent for longer than the
   * grace, and would have been on time without that.
   */
  LATE_BY_SILENCE
}
