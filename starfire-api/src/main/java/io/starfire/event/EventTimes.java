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
 * <p>An event time is good from 1970, inclusive, to 10000, exclusive, and not further ahead of the
 * record's arrival than {@code maxAhead}. A record arrived at its Kafka timestamp. A timestamp
 * cannot be used if it is not above zero (Kafka's "no timestamp" is -1, and some producers write 0)
 * or if it is more than {@code maxAhead} ahead of the time at which the record was read. Such a
 * record arrived when it was read; for the batch driver that is when it was archived.
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

  /** The rule of a deployment. */
  public static EventTimes from(StarfireConfig config) {
    return new EventTimes(config.duration(MAX_AHEAD));
  }

  /**
   * When a record arrived. A record without event time counts at this time.
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
   * @param time as the source's function gave it, may be null
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
