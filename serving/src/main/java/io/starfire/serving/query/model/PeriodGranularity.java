package io.starfire.serving.query.model;

import io.starfire.common.Times;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of a calendar period in a time zone.
 *
 * <p>Years, months, weeks and days follow the local calendar: a day starts at local midnight,
 * whether it has 23, 24 or 25 hours. If daylight saving skips the start of a bucket, the bucket
 * starts later by the skipped time. If the start occurs twice, the first one counts; with an origin
 * the one that has the origin's offset from UTC, so that the origin starts a bucket itself. Hours,
 * minutes and seconds are elapsed time.
 *
 * <p>Buckets are counted from the origin. Without one, they are counted from local midnight of
 * 1970-01-01, and weeks from Monday 1970-01-05. A period that divides an hour and has no origin is
 * aligned to the local hour at that time.
 */
public final class PeriodGranularity implements QueryGranularity {
  private static final Pattern PERIOD =
      Pattern.compile(
          "P(?:(\\d{1,6})Y)?(?:(\\d{1,6})M)?(?:(\\d{1,6})W)?(?:(\\d{1,6})D)?"
              + "(?:T(?:(\\d{1,9})H)?(?:(\\d{1,9})M)?(?:(\\d{1,9})S)?)?");
  private static final long DAY_MILLIS = 86_400_000L;
  private static final long HOUR_MILLIS = 3_600_000L;

  /** The mean length of a month of the Gregorian calendar. */
  private static final long MONTH_MILLIS = 2_629_746_000L;

  private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);
  private static final LocalDateTime FIRST_MONDAY = LocalDateTime.of(1970, 1, 5, 0, 0);

  private final String period;
  private final ZoneId zone;
  private final @Nullable Long originMillis;
  private final long months;
  private final long days;
  private final long timeMillis;
  private final LocalDateTime origin;
  private final @Nullable ZoneOffset originOffset;
  private final boolean alignedToHour;

  /**
   * A granularity.
   *
   * @param period in ISO-8601, such as {@code P1D} or {@code PT15M}; above zero
   * @param zone the time zone of the calendar
   * @param originMillis the start of one of the buckets, in milliseconds since the epoch; null
   *     means the default
   */
  public PeriodGranularity(String period, ZoneId zone, @Nullable Long originMillis) {
    Matcher parts = PERIOD.matcher(period);
    if (!parts.matches()) {
      throw QueryChecks.invalid(
          "granularity.period '%s' is not an ISO-8601 period; write it like P1D, P1M or PT15M",
          period);
    }
    this.period = period;
    this.zone = zone;
    this.originMillis = originMillis;
    this.months = 12 * number(parts, 1) + number(parts, 2);
    long weeks = number(parts, 3);
    this.days = 7 * weeks + number(parts, 4);
    this.timeMillis = 1000 * (3600 * number(parts, 5) + 60 * number(parts, 6) + number(parts, 7));
    if (months == 0 && days == 0 && timeMillis == 0) {
      throw QueryChecks.invalid("granularity.period must be longer than nothing, got '%s'", period);
    }
    boolean weeksOnly = weeks > 0 && days == 7 * weeks && months == 0 && timeMillis == 0;
    if (originMillis != null) {
      ZonedDateTime zoned = Instant.ofEpochMilli(originMillis).atZone(zone);
      this.origin = zoned.toLocalDateTime();
      this.originOffset = zoned.getOffset();
    } else {
      this.origin = weeksOnly ? FIRST_MONDAY : EPOCH;
      this.originOffset = null;
    }
    this.alignedToHour =
        originMillis == null
            && months == 0
            && days == 0
            && timeMillis <= HOUR_MILLIS
            && HOUR_MILLIS % timeMillis == 0;
  }

  private static long number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
  }

  @Override
  public long bucketStart(long millis) {
    return alignedToHour ? alignedStart(millis) : start(index(millis));
  }

  @Override
  public long bucketEnd(long bucketStartMillis) {
    return alignedToHour ? alignedEnd(bucketStartMillis) : start(index(bucketStartMillis) + 1);
  }

  /** Where bucket {@code index}, counted from the origin, starts. */
  private long start(long index) {
    try {
      Instant local =
          months == 0 && days == 0
              ? originInstant()
              : ZonedDateTime.ofLocal(
                      origin
                          .plusMonths(Math.multiplyExact(index, months))
                          .plusDays(Math.multiplyExact(index, days)),
                      zone,
                      originOffset)
                  .toInstant();
      return Math.addExact(local.toEpochMilli(), Math.multiplyExact(index, timeMillis));
    } catch (DateTimeException | ArithmeticException e) {
      // Beyond the calendar, and so beyond all event times.
      return index < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  private Instant originInstant() {
    return originMillis == null
        ? origin.atZone(zone).toInstant()
        : Instant.ofEpochMilli(originMillis);
  }

  /** The last bucket that starts at or before {@code millis}: a guess, mended by a step or two. */
  private long index(long millis) {
    long about = months * MONTH_MILLIS + days * DAY_MILLIS + timeMillis;
    long index = Math.floorDiv(millis - originInstant().toEpochMilli(), about);
    while (start(index) > millis) {
      index--;
    }
    while (start(index + 1) <= millis) {
      index++;
    }
    return index;
  }

  private long alignedStart(long millis) {
    ZoneRules rules = zone.getRules();
    long offset = offsetMillis(rules, millis);
    long start = millis - Math.floorMod(millis + offset, timeMillis);
    if (rules.isFixedOffset() || offsetMillis(rules, start) == offset) {
      return start;
    }
    // The offset changed since: by whole buckets nearly everywhere, where this changes nothing.
    long shift = offset - offsetMillis(rules, start);
    ZoneOffsetTransition before = rules.previousTransition(Instant.ofEpochMilli(millis + 1));
    return shift % timeMillis == 0 ? start : Math.max(start, before.toEpochSecond() * 1000);
  }

  private long alignedEnd(long start) {
    ZoneRules rules = zone.getRules();
    long offset = offsetMillis(rules, start);
    long end = start - Math.floorMod(start + offset, timeMillis) + timeMillis;
    long shift = offsetMillis(rules, end) - offset;
    if (shift % timeMillis == 0) {
      return end;
    }
    ZoneOffsetTransition next = rules.nextTransition(Instant.ofEpochMilli(start));
    return Math.min(end, next.toEpochSecond() * 1000);
  }

  private static long offsetMillis(ZoneRules rules, long millis) {
    return rules.getOffset(Instant.ofEpochMilli(millis)).getTotalSeconds() * 1000L;
  }

  @Override
  public ZoneId zone() {
    return zone;
  }

  @Override
  public String text() {
    return "period %s in %s%s"
        .formatted(period, zone, originMillis == null ? "" : " from " + Times.format(originMillis));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeriodGranularity granularity && text().equals(granularity.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
