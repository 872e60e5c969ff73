package io.starfire.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Divides event time into buckets, in UTC. A bucket's start is inclusive and its end exclusive.
 * Most buckets have a fixed length and are aligned to the epoch; a week starts on Monday; months,
 * quarters and years are those of the calendar.
 */
public enum Granularity {
  /** No division: each millisecond is its own bucket. */
  NONE(1),
  SECOND(1_000),
  MINUTE(60_000),
  FIVE_MINUTE(300_000),
  TEN_MINUTE(600_000),
  FIFTEEN_MINUTE(900_000),
  THIRTY_MINUTE(1_800_000),
  HOUR(3_600_000),
  SIX_HOUR(21_600_000),
  EIGHT_HOUR(28_800_000),
  DAY(86_400_000),
  WEEK(604_800_000),
  MONTH(-1),
  QUARTER(-1),
  YEAR(-1),
  /** One bucket for all of time. */
  ALL(-1);

  /** 1970-01-05, the first Monday. */
  private static final long FIRST_MONDAY_MILLIS = 4 * 86_400_000L;

  /** Largest number of buckets that {@link #bucketsIn} returns. */
  private static final int MAX_BUCKETS = 1_000_000;

  private final long lengthMillis;

  Granularity(long lengthMillis) {
    this.lengthMillis = lengthMillis;
  }

  /**
   * Reads a name in upper or lower case, such as {@code hour} or {@code FIFTEEN_MINUTE}.
   *
   * @throws StarfireException with INVALID_INPUT if there is no such granularity
   */
  @JsonCreator
  public static Granularity parse(String name) {
    for (Granularity granularity : values()) {
      if (granularity.name().equalsIgnoreCase(name)) {
        return granularity;
      }
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT,
        "granularity '%s' is not known; use one of %s"
            .formatted(name, List.of(values()).toString().toLowerCase(Locale.ROOT)));
  }

  @JsonValue
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The start, inclusive, of the bucket that holds {@code millis}. */
  public long bucketStart(long millis) {
    if (lengthMillis > 0) {
      long origin = this == WEEK ? FIRST_MONDAY_MILLIS : 0;
      return Math.floorDiv(millis - origin, lengthMillis) * lengthMillis + origin;
    }
    if (this == ALL) {
      return Times.MIN_MILLIS;
    }
    LocalDate date = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
    LocalDate start =
        switch (this) {
          case MONTH -> date.withDayOfMonth(1);
          case QUARTER -> date.withMonth((date.getMonthValue() - 1) / 3 * 3 + 1).withDayOfMonth(1);
          default -> date.withDayOfYear(1);
        };
    return start.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  /** The end, exclusive, of the bucket that starts at {@code bucketStartMillis}. */
  public long bucketEnd(long bucketStartMillis) {
    if (lengthMillis > 0) {
      return bucketStartMillis + lengthMillis;
    }
    if (this == ALL) {
      return Times.END_MILLIS;
    }
    LocalDate start = Instant.ofEpochMilli(bucketStartMillis).atZone(ZoneOffset.UTC).toLocalDate();
    LocalDate end =
        switch (this) {
          case MONTH -> start.plusMonths(1);
          case QUARTER -> start.plusMonths(3);
          default -> start.plus(1, ChronoUnit.YEARS);
        };
    return end.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  /** The bucket that holds {@code millis}. */
  public Interval bucket(long millis) {
    long start = bucketStart(millis);
    return new Interval(start, bucketEnd(start));
  }

  /** The smallest interval of whole buckets that contains {@code interval}. */
  public Interval align(Interval interval) {
    long start = bucketStart(interval.startMillis());
    if (interval.isEmpty()) {
      return new Interval(start, start);
    }
    return new Interval(start, bucketEnd(bucketStart(interval.endMillis() - 1)));
  }

  public boolean isAligned(Interval interval) {
    return align(interval).equals(interval);
  }

  /**
   * The buckets that overlap {@code interval}, in order. Those at its ends are whole too.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if there are more than a million
   */
  public List<Interval> bucketsIn(Interval interval) {
    List<Interval> buckets = new ArrayList<>();
    long start = bucketStart(interval.startMillis());
    while (start < interval.endMillis()) {
      if (buckets.size() == MAX_BUCKETS) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "%s has more than %,d buckets of granularity %s; use a coarser one"
                .formatted(interval, MAX_BUCKETS, jsonName()));
      }
      long end = bucketEnd(start);
      buckets.add(new Interval(start, end));
      start = end;
    }
    return buckets;
  }

  /** Whether each bucket of {@code coarser} consists of whole buckets of this granularity. */
  public boolean divides(Granularity coarser) {
    if (this == coarser || this == NONE || coarser == ALL) {
      return true;
    }
    if (this == ALL || coarser == NONE) {
      return false;
    }
    if (lengthMillis > 0 && coarser.lengthMillis > 0) {
      return this != WEEK
          && coarser.lengthMillis % lengthMillis == 0
          && (coarser != WEEK || DAY.lengthMillis % lengthMillis == 0);
    }
    if (lengthMillis > 0) {
      return this != WEEK && DAY.lengthMillis % lengthMillis == 0;
    }
    return (this == MONTH && (coarser == QUARTER || coarser == YEAR))
        || (this == QUARTER && coarser == YEAR);
  }
}
