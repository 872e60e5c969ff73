package io.starfire.event;

/** Oddities that are counted beside outcomes: an event with an anomaly also has an outcome. */
public enum Anomaly {
  /** The same identity was seen at another event time. Both events are kept. */
  IDENTITY_CONFLICT,
  /** A duplicate has other content than the event that was kept. */
  CONFLICTING_DUPLICATE,
  /**
   * Stream only: an event is LATE because all sources were silent for longer than the silence
   * grace. Without the silence it would have been on time.
   */
  LATE_BY_SILENCE
}
