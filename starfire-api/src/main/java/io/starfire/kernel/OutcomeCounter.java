package io.starfire.kernel;

import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;

/** Counts how the events that entered one operator ended. The driver says where the counts go. */
public interface OutcomeCounter {
  /**
   * Counts one event.
   *
   * @param timeMillis its event time, by which the batch driver tells margin from inside
   */
  void count(Outcome outcome, long timeMillis);

  /** Counts something odd about an event that has an outcome besides. */
  void count(Anomaly anomaly, long timeMillis);
}
