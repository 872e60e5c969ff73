package io.starfire.event;

import io.starfire.common.Times;
import java.time.Duration;
import java.time.Instant;

/** The rule for event times, the same in both drivers. Stateless. */
public final class EventTimes {
  private EventTimes() {}

  /**
   * An event time that was looked at.
   *
   * @param millis since the epoch, if it is good
   * @param problem why it is BAD_TIME, or null if it is good
   */
  public record Checked(long millis, String problem) {
    public boolean isGood() {
      return problem == null;
    }
  }

  /**
   * Cuts an event time to milliseconds and checks it: from 1970, inclusive, to 10000, exclusive,
   * and not further ahead of the record's own timestamp than {@code maxAhead} (as far is good).
   *
   * @param time as the source's function gave it, may be null
   * @param recordTimestampMillis of the Kafka record; none if not above zero
   */
  public static Checked check(Instant time, long recordTimestampMillis, Duration maxAhead) {
    if (time == null) {
      return new Checked(0, "the event has no time");
    }
    long seconds = time.getEpochSecond();
    if (seconds < Times.MIN_MILLIS / 1000 || seconds >= Times.END_MILLIS / 1000) {
      return new Checked(
          0, "event time %s must be from 1970 to 9999, both inclusive".formatted(time));
    }
    long millis = time.toEpochMilli();
    if (recordTimestampMillis > 0 && millis - recordTimestampMillis > maxAhead.toMillis()) {
      return new Checked(
          0,
          "event time %s is further ahead of the record's timestamp %s than %s"
              .formatted(time, Instant.ofEpochMilli(recordTimestampMillis), maxAhead));
    }
    return new Checked(millis, null);
  }
}
