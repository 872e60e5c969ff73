package io.starfire.serving.query.compute;

import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What functions need of times and calendars. Stateless. */
final class Timestamps {
  private static final Pattern ENDS_WITH_ZONE =
      Pattern.compile(".*(?:[zZ]|[+-]\\d{2}(?::?\\d{2})?)");

  private Timestamps() {}

  /** A part of a time that can be asked for. */
  enum Unit {
    EPOCH,
    MICROSECOND,
    MILLISECOND,
    SECOND,
    MINUTE,
    HOUR,
    DAY,
    DOW,
    ISODOW,
    DOY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR,
    ISOYEAR,
    DECADE,
    CENTURY,
    MILLENNIUM;

    /** The part of a time in a zone; null if the calendar does not reach it. */
    @Nullable Long of(long millis, ZoneId zone) {
      if (this == EPOCH) {
        return millis / 1000;
      }
      try {
        return of(Instant.ofEpochMilli(millis).atZone(zone));
      } catch (DateTimeException e) {
        return null;
      }
    }

    private long of(ZonedDateTime time) {
      return switch (this) {
        case EPOCH -> time.toEpochSecond();
        case MICROSECOND -> time.get(ChronoField.MILLI_OF_SECOND) * 1000L;
        case MILLISECOND -> time.get(ChronoField.MILLI_OF_SECOND);
        case SECOND -> time.getSecond();
        case MINUTE -> time.getMinute();
        case HOUR -> time.getHour();
        case DAY -> time.getDayOfMonth();
        case DOW, ISODOW -> time.getDayOfWeek().getValue();
        case DOY -> time.getDayOfYear();
        case WEEK -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
        case MONTH -> time.getMonthValue();
        case QUARTER -> time.get(IsoFields.QUARTER_OF_YEAR);
        case YEAR -> time.getYear();
        case ISOYEAR -> time.get(IsoFields.WEEK_BASED_YEAR);
        case DECADE -> time.getYear() / 10;
        case CENTURY -> (long) Math.ceil(time.getYear() / 100.0);
        case MILLENNIUM -> (long) Math.ceil(time.getYear() / 1000.0);
      };
    }
  }

  /**
   * A period of the calendar and of the clock, such as {@code P1M} or {@code P1DT12H}.
   *
   * @param date years, months and days
   * @param clock hours, minutes and seconds
   */
  record Step(Period date, Duration clock) {
    /**
     * Reads one.
     *
     * @throws DateTimeParseException if it is malformed
     */
    static Step parse(String text) {
      int timeAt = text.indexOf('T');
      String dates = timeAt < 0 ? text : text.substring(0, timeAt);
      return new Step(
          dates.equals("P") ? Period.ZERO : Period.parse(dates),
          timeAt < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(timeAt)));
    }

    /** Null if the calendar does not reach the result. */
    @SuppressWarnings("JavaPeriodGetDays") // years and months are added before
    @Nullable Long shift(long millis, long times, ZoneId zone) {
      try {
        ZonedDateTime shifted =
            Instant.ofEpochMilli(millis)
                .atZone(zone)
                .plusMonths(Math.multiplyExact(date.toTotalMonths(), times))
                .plusDays(Math.multiplyExact((long) date.getDays(), times))
                .plus(clock.multipliedBy(times));
        return shifted.toInstant().toEpochMilli();
      } catch (DateTimeException | ArithmeticException e) {
        return null;
      }
    }
  }

  /** The time in a text of ISO-8601 or of SQL, such as {@code 2026-11-20 10:00}; or null. */
  static @Nullable Long parse(String text, ZoneId zone) {
    String iso = text.strip();
    if (iso.isEmpty() || iso.length() > 64) {
      return null;
    }
    int blank = iso.indexOf(' ');
    if (blank > 0) {
      iso = iso.substring(0, blank) + "T" + iso.substring(blank + 1).replace(" ", "");
    }
    try {
      long millis = Times.parse(iso);
      int time = iso.indexOf('T');
      boolean own = time >= 0 && ENDS_WITH_ZONE.matcher(iso.substring(time)).matches();
      return own || zone.equals(ZoneOffset.UTC)
          ? (Long) millis
          : (Long)
              LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC)
                  .atZone(zone)
                  .toInstant()
                  .toEpochMilli();
    } catch (StarfireException | DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
