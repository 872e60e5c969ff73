package io.starfire.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A half-open span of event time: start inclusive, end exclusive, both in milliseconds since the
 * epoch, UTC. May be empty. Immutable; ordered by start, then end. In JSON it is its ISO-8601 text.
 *
 * @param startMillis first millisecond inside
 * @param endMillis first millisecond after it; not below {@code startMillis}
 */
public record Interval(long startMillis, long endMillis) implements Comparable<Interval> {
  /** All of event time: from 1970, inclusive, to 10000, exclusive. */
  public static final Interval ETERNITY = new Interval(Times.MIN_MILLIS, Times.END_MILLIS);

  public Interval {
    if (endMillis < startMillis) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "an interval must not end before it starts, got %s/%s"
              .formatted(Times.format(startMillis), Times.format(endMillis)));
    }
  }

  /**
   * Reads {@code start/end}, {@code start/period} or {@code period/end}, as ISO-8601 in UTC.
   *
   * @throws StarfireException with INVALID_INPUT if the text is malformed
   */
  @JsonCreator
  public static Interval parse(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash != text.lastIndexOf('/') || slash == text.length() - 1) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'"
              + text
              + "' is not an interval; write it like 2026-11-20T10/PT1H or"
              + " 2026-11-20T10:00Z/2026-11-20T11:00Z");
    }
    String left = text.substring(0, slash).trim();
    String right = text.substring(slash + 1).trim();
    if (left.startsWith("P")) {
      long end = Times.parse(right);
      return new Interval(Times.minusPeriod(end, left), end);
    }
    long start = Times.parse(left);
    return new Interval(
        start, right.startsWith("P") ? Times.plusPeriod(start, right) : Times.parse(right));
  }

  public boolean isEmpty() {
    return startMillis == endMillis;
  }

  public long lengthMillis() {
    return endMillis - startMillis;
  }

  public boolean contains(long millis) {
    return startMillis <= millis && millis < endMillis;
  }

  public boolean contains(Interval other) {
    return startMillis <= other.startMillis && other.endMillis <= endMillis;
  }

  /** Whether the two share at least one millisecond; an empty interval overlaps nothing. */
  public boolean overlaps(Interval other) {
    return Math.max(startMillis, other.startMillis) < Math.min(endMillis, other.endMillis);
  }

  /** The common part, or an empty interval at the larger start if there is none. */
  public Interval intersect(Interval other) {
    long start = Math.max(startMillis, other.startMillis);
    return new Interval(start, Math.max(start, Math.min(endMillis, other.endMillis)));
  }

  @Override
  public int compareTo(Interval other) {
    int byStart = Long.compare(startMillis, other.startMillis);
    return byStart != 0 ? byStart : Long.compare(endMillis, other.endMillis);
  }

  /** Such as {@code 2026-11-20T10:00:00.000Z/2026-11-20T11:00:00.000Z}. */
  @JsonValue
  @Override
  public String toString() {
    return Times.format(startMillis) + "/" + Times.format(endMillis);
  }
}
