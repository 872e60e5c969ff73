package io.starfire.common;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Reading and writing of instants: ISO-8601, UTC, three decimals. Stateless. */
public final class Times {
  /** The smallest event time, 1970-01-01T00:00Z, inclusive. */
  public static final long MIN_MILLIS = 0L;

  /** The end of event time, 10000-01-01T00:00Z, exclusive. */
  public static final long END_MILLIS = 253_402_300_800_000L;

  private static final DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  /** Formats as {@code 2026-11-20T10:00:00.000Z}: always UTC, always three decimals. */
  public static String format(long millis) {
    return ISO_MILLIS.format(Instant.ofEpochMilli(millis));
  }

  /**
   * Reads an ISO-8601 date or date-time. Without a zone it is read as UTC; a missing time of day is
   * midnight; {@code 2026-11-20T10} is accepted. Digits below the millisecond are cut.
   *
   * @throws StarfireException with INVALID_INPUT if the text is none of these
   */
  public static long parse(String text) {
    try {
      String trimmed = text.trim();
      int timeAt = trimmed.indexOf('T');
      if (timeAt < 0) {
        return parseDate(trimmed).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      }
      String time = trimmed.substring(timeAt + 1);
      if (time.length() == 2) {
        trimmed = trimmed + ":00";
      } else if (time.length() == 3 && time.endsWith("Z")) {
        trimmed = trimmed.substring(0, trimmed.length() - 1) + ":00Z";
      }
      boolean zoned = time.endsWith("Z") || time.indexOf('+') >= 0 || time.indexOf('-') >= 0;
      return zoned
          ? OffsetDateTime.parse(trimmed).toInstant().toEpochMilli()
          : LocalDateTime.parse(trimmed).toInstant(ZoneOffset.UTC).toEpochMilli();
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

  private static LocalDate parseDate(String text) {
    return switch (text.length()) {
      case 4 -> LocalDate.parse(text + "-01-01");
      case 7 -> LocalDate.parse(text + "-01");
      default -> LocalDate.parse(text);
    };
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
