package io.starfire.cli.demo;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.InstantSource;

/**
 * The event time of the demonstration: starts in the past, runs faster than the clock until it
 * reaches the present, and goes on with the clock. Thread-safe.
 */
final class EventClock {
  private final InstantSource clock;
  private final long startedAtMillis;
  private final long eventStartMillis;
  private final int speed;

  /**
   * @param eventStartMillis the event time of this moment; not after the present
   * @param speed milliseconds of event time in one of the clock, until the present is reached
   */
  EventClock(InstantSource clock, long eventStartMillis, int speed) {
    this.clock = clock;
    this.startedAtMillis = clock.millis();
    this.eventStartMillis = eventStartMillis;
    this.speed = speed;
    if (eventStartMillis > startedAtMillis || speed < 1) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "event time must start in the past and not run slower than the clock");
    }
  }

  /** The event time of now, in milliseconds since the epoch. */
  long millis() {
    long now = clock.millis();
    return Math.min(now, eventStartMillis + (now - startedAtMillis) * speed);
  }
}
