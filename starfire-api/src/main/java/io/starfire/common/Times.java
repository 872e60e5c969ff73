package io.starfire.common;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/**
 * Reads and writes times as ISO-8601 text. All times are in milliseconds since the epoch, UTC.
 * Stateless; thread-safe.
 */
public final class Times {
  /** The smallest event time, 1970-01-01T00:00Z, inclusive. */
  public static final long MIN_MILLIS = 0L;

  /** The end of event time, 10000-01-01T00:00Z, exclusive. */
  public static final long END_MILLIS = 253_402_300_800_000L;

  private static final DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter ISO_MILLIS_OFFSET =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXXXX", Locale.ROOT);

  private Times() {}

  /** Formats as {@code 2026-11-20T10:00:00.000Z}: always UTC, always three decimals. */
  public static String format(long millis) {
    return ISO_MILLIS.format(Instant.ofEpochMilli(millis));
  }

  /**
   * Formats with the offset that the zone has at that time, such as {@code
   * 2026-11-20T02:00:00.000-08:00}. An offset of zero is {@code Z}.
   */
  public static String format(long millis, ZoneId zone) {
    return zone.equals(ZoneOffset.UTC)
        ? format(millis)
        : ISO_MILLIS_OFFSET.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  /**
   * Reads an ISO-8601 date or date-time. Without a zone it is UTC, and without a time of day it is
   * midnight. Also accepted: {@code 2026-11-20T10}, offsets such as {@code +0530} and {@code +05},
   * and years of up to nine digits. Digits below the millisecond are cut.
   *
   * @throws StarfireException with INVALID_INPUT if the text is none of these
   */
  public static long parse(String text) {
    try {
      String trimmed = withSign(text.trim());
      int timeAt = trimmed.indexOf('T');
      if (timeAt < 0) {
        return parseDate(trimmed).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      }
      String date = trimmed.substring(0, timeAt + 1);
      String time = withMinutes(trimmed.substring(timeAt + 1));
      int offsetAt = Math.max(time.lastIndexOf('+'), time.lastIndexOf('-'));
      if (offsetAt >= 0) {
        time = time.substring(0, offsetAt) + withColon(time.substring(offsetAt));
      }
      return offsetAt >= 0 || time.endsWith("Z")
          ? OffsetDateTime.parse(date + time).toInstant().toEpochMilli()
          : LocalDateTime.parse(date + time).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' is not an ISO-8601 time; write it like 2026-11-20T10:00Z",
          e);
    }
  }

  /** Adds an ISO-8601 period such as {@code PT1H}, {@code P1D} or {@code P1M}, in UTC. */
  public static long plusPeriod(long millis, String period) {
    ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
    return apply(time, period, 1).toInstant().toEpochMilli();
  }

  /** Subtracts an ISO-8601 period such as {@code PT1H}, {@code P1D} or {@code P1M}, in UTC. */
  public static long minusPeriod(long millis, String period) {
    ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
    return apply(time, period, -1).toInstant().toEpochMilli();
  }

  /** A year of more than four digits. Java reads it only with its sign. */
  private static String withSign(String text) {
    boolean longYear =
        text.length() > 4 && Character.isDigit(text.charAt(0)) && Character.isDigit(text.charAt(4));
    return longYear ? "+" + text : text;
  }

  /** A time of day that is only an hour. */
  private static String withMinutes(String time) {
    boolean hourAlone = time.length() == 2 || (time.length() > 2 && time.charAt(2) != ':');
    return hourAlone ? time.substring(0, 2) + ":00" + time.substring(2) : time;
  }

  /** An offset such as {@code +0530} or {@code +05}. */
  private static String withColon(String offset) {
    return switch (offset.length()) {
      case 3 -> offset + ":00";
      case 5 -> offset.substring(0, 3) + ":" + offset.substring(3);
      default -> offset;
    };
  }

  /** Also a year, or a year and a month. */
  private static LocalDate parseDate(String text) {
    int dashes = (int) text.chars().skip(1).filter(character -> character == '-').count();
    return LocalDate.parse(text + "-01".repeat(Math.max(0, 2 - dashes)));
  }

  private static ZonedDateTime apply(ZonedDateTime time, String period, int sign) {
    try {
      int timeAt = period.indexOf('T');
      String datePart = timeAt < 0 ? period : period.substring(0, timeAt);
      ZonedDateTime result = time;
      if (datePart.length() > 1) {
        result = result.plus(Period.parse(datePart).multipliedBy(sign));
      }
      if (timeAt >= 0) {
        result = result.plus(Duration.parse("P" + period.substring(timeAt)).multipliedBy(sign));
      }
      return result;
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'" + period + "' is not an ISO-8601 period; write it like PT1H or P1D",
          e);
    }
  }
}
