package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import java.time.Duration;
import java.time.Instant;

/**
 * The rule for event times. The stream driver, the batch driver and the archiver all use it.
 * Immutable.
 *
 * <p>An event time is good if it lies from the year 1970, inclusive, to the year 10000, exclusive,
 * and is at most {@code maxAhead} later than the record's arrival.
 *
 * <p>A record's arrival is its Kafka timestamp, if that can be used. It cannot be used if it is not
 * above zero (Kafka's "no timestamp" is -1, and some producers write 0), or if it is more than
 * {@code maxAhead} later than the time at which the record was read. The arrival is then the time
 * at which the record was read; for the batch driver, when it was archived.
 *
 * @param maxAhead how far an event time may be ahead of the arrival, inclusive
 */
public record EventTimes(Duration maxAhead) {
  private static final String MAX_AHEAD = "starfire.stream.max-ahead";

  public EventTimes {
    if (requireNonNull(maxAhead, "maxAhead").isNegative()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%s must not be negative, got %s".formatted(MAX_AHEAD, maxAhead));
    }
  }

  /**
   * The verdict on an event time.
   *
   * @param millis the event time in milliseconds since the epoch, if it is good
   * @param problem why it is BAD_TIME, or null if it is good
   */
  public record Checked(long millis, String problem) {
    public boolean isGood() {
      return problem == null;
    }
  }

  /** The rule with the {@code starfire.stream.max-ahead} of a configuration. */
  public static EventTimes from(StarfireConfig config) {
    return new EventTimes(config.duration(MAX_AHEAD));
  }

  /**
   * When a record arrived, in milliseconds since the epoch. A record without event time is counted
   * at this time.
   *
   * @param timestampMillis of the Kafka record; -1 if it has none
   * @param readAtMillis when it was read from Kafka, or from a file that has no timestamps
   */
  public long arrivalMillis(long timestampMillis, long readAtMillis) {
    return isUsable(timestampMillis, readAtMillis) ? timestampMillis : readAtMillis;
  }

  /**
   * Cuts an event time to milliseconds and checks it.
   *
   * @param time what the source's function returned; may be null
   * @param timestampMillis of the Kafka record; -1 if it has none
   * @param readAtMillis when it was read from Kafka, or from a file that has no timestamps
   */
  public Checked check(Instant time, long timestampMillis, long readAtMillis) {
    if (time == null) {
      return new Checked(0, "the event has no time");
    }
    long seconds = time.getEpochSecond();
    if (seconds < Times.MIN_MILLIS / 1000 || seconds >= Times.END_MILLIS / 1000) {
      return new Checked(
          0, "event time %s must be from 1970 to 9999, both inclusive".formatted(time));
    }
    long millis = time.toEpochMilli();
    if (millis - arrivalMillis(timestampMillis, readAtMillis) > maxAhead.toMillis()) {
      return new Checked(0, tooFarAhead(time, timestampMillis, readAtMillis));
    }
    return new Checked(millis, null);
  }

  private boolean isUsable(long timestampMillis, long readAtMillis) {
    return timestampMillis > 0 && timestampMillis - readAtMillis <= maxAhead.toMillis();
  }

  private String tooFarAhead(Instant time, long timestampMillis, long readAtMillis) {
    if (isUsable(timestampMillis, readAtMillis)) {
      return "event time %s is further ahead of the record's timestamp %s than %s"
          .formatted(time, Instant.ofEpochMilli(timestampMillis), maxAhead);
    }
    return "event time %s is further ahead of %s, when the record was read, than %s; the record's timestamp cannot be used: %s"
        .formatted(
            time,
            Instant.ofEpochMilli(readAtMillis),
            maxAhead,
            timestampMillis < 0 ? "it has none" : Instant.ofEpochMilli(timestampMillis));
  }
}
