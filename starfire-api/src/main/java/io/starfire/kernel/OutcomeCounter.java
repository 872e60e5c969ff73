package io.starfire.kernel;

import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;

/** Counts the outcomes of the events that entered one operator. The driver implements it. */
public interface OutcomeCounter {
  /** Of a sink that the driver leaves out: nothing is written, so nothing is counted. */
  OutcomeCounter NONE =
      new OutcomeCounter() {
        @Override
        public void count(Outcome outcome, long timeMillis) {}

        @Override
        public void count(Anomaly anomaly, long timeMillis) {}
      };

  /**
   * Counts one event.
   *
   * @param timeMillis its event time; the batch driver counts an event outside its interval as
   *     MARGIN
   */
  void count(Outcome outcome, long timeMillis);

  /** Counts an anomaly of an event, which also has an outcome. */
  void count(Anomaly anomaly, long timeMillis);
}
