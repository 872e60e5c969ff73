package io.starfire.serving.realtime;

import io.starfire.common.Times;
import io.starfire.event.Outcome;
import io.starfire.event.RowTimes;
import java.util.Optional;

/**
 * Which times of rows are taken at one moment.
 *
 * @param rowTimes the rule for times beyond the clock
 * @param oldestMillis the smallest time that is not too old, inclusive
 * @param nowMillis when the records were read
 */
record TimeBounds(RowTimes rowTimes, long oldestMillis, long nowMillis) {
  static TimeBounds at(RealtimeSettings settings, long nowMillis) {
    return new TimeBounds(
        settings.rowTimes(),
        settings.rejectOlderThan().map(age -> nowMillis - age.toMillis()).orElse(Long.MIN_VALUE),
        nowMillis);
  }

  /** Whether a row of this time is taken. */
  boolean takes(long timeMillis) {
    return rejection(timeMillis).isEmpty();
  }

  /** Why a row of this time is not taken; empty if it is. */
  Optional<Rejection> rejection(long timeMillis) {
    String problem = rowTimes.problem(timeMillis, nowMillis);
    if (problem != null) {
      return Optional.of(new Rejection(Outcome.BAD_TIME, problem));
    }
    if (timeMillis < oldestMillis) {
      return Optional.of(
          new Rejection(
              Outcome.LATE,
              "the row's time %s is older than is accepted now, which is %s"
                  .formatted(Times.format(timeMillis), Times.format(oldestMillis))));
    }
    return Optional.empty();
  }
}
