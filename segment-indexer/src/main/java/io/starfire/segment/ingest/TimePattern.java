package io.starfire.segment.ingest;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * A pattern of times with the letters of Joda-Time, which Druid's specs are written in: {@code
 * yyyy-MM-dd HH:mm:ss}. Letters for years of eras and of weeks, centuries and halfdays of other
 * forms are refused. A number may have fewer digits than letters, unless another number follows at
 * once. What the pattern lacks is the first of January 1970 at midnight; without a zone it is UTC.
 * Immutable and thread-safe.
 */
public final class TimePattern {
  private final String text;
  private final DateTimeFormatter formatter;

  private TimePattern(String text, DateTimeFormatter formatter) {
    this.text = text;
    this.formatter = formatter;
  }

  /**
   * Reads a pattern.
   *
   * @throws StarfireException with INVALID_INPUT if it has a letter that is not known
   */
  public static TimePattern of(String pattern) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
    int at = 0;
    while (at < pattern.length()) {
      char letter = pattern.charAt(at);
      if (letter == '\'') {
        at = appendQuoted(builder, pattern, at);
        continue;
      }
      int end = at;
      while (end < pattern.length() && pattern.charAt(end) == letter) {
        end++;
      }
      if (isLetter(letter)) {
        boolean adjacent = end < pattern.length() && isLetter(pattern.charAt(end));
        boolean follows = at > 0 && isLetter(pattern.charAt(at - 1));
        append(builder, pattern, letter, end - at, adjacent || follows);
      } else {
        builder.appendLiteral(pattern.substring(at, end));
      }
      at = end;
    }
    return new TimePattern(
        pattern, builder.toFormatter(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT));
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static int appendQuoted(DateTimeFormatterBuilder builder, String pattern, int open) {
    int close = pattern.indexOf('\'', open + 1);
    if (close < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "time pattern '%s': a quote is not closed".formatted(pattern));
    }
    builder.appendLiteral(close == open + 1 ? "'" : pattern.substring(open + 1, close));
    return close + 1;
  }

  private static void append(
      DateTimeFormatterBuilder builder, String pattern, char letter, int count, boolean adjacent) {
    switch (letter) {
      case 'y', 'Y' -> appendYear(builder, count, adjacent);
      case 'M' -> {
        if (count > 2) {
          builder.appendText(
              ChronoField.MONTH_OF_YEAR, count == 3 ? TextStyle.SHORT : TextStyle.FULL);
        } else {
          number(builder, ChronoField.MONTH_OF_YEAR, count, 2, adjacent);
        }
      }
      case 'd' -> number(builder, ChronoField.DAY_OF_MONTH, count, 2, adjacent);
      case 'D' -> number(builder, ChronoField.DAY_OF_YEAR, count, 3, adjacent);
      case 'H' -> number(builder, ChronoField.HOUR_OF_DAY, count, 2, adjacent);
      case 'h' -> number(builder, ChronoField.CLOCK_HOUR_OF_AMPM, count, 2, adjacent);
      case 'm' -> number(builder, ChronoField.MINUTE_OF_HOUR, count, 2, adjacent);
      case 's' -> number(builder, ChronoField.SECOND_OF_MINUTE, count, 2, adjacent);
      case 'S' ->
          builder.appendFraction(
              ChronoField.NANO_OF_SECOND, adjacent ? count : 1, adjacent ? count : 9, false);
      case 'a' -> builder.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
      case 'E' ->
          builder.appendText(ChronoField.DAY_OF_WEEK, count > 3 ? TextStyle.FULL : TextStyle.SHORT);
      case 'Z' -> {
        if (count > 2) {
          builder.appendZoneId();
        } else {
          builder.appendOffset(count == 1 ? "+HHmm" : "+HH:MM", count == 1 ? "+0000" : "+00:00");
        }
      }
      default ->
          throw new StarfireException(
              ErrorCode.INVALID_INPUT,
              "time pattern '%s': the letter '%s' is not supported; use y M d D H h m s S a E Z, and quotes around text"
                  .formatted(pattern, letter));
    }
  }

  private static void appendYear(DateTimeFormatterBuilder builder, int count, boolean adjacent) {
    if (count == 2) {
      builder.appendValueReduced(ChronoField.YEAR, 2, 2, 1970);
    } else {
      number(builder, ChronoField.YEAR, adjacent ? 4 : count, 4, adjacent);
    }
  }

  private static void number(
      DateTimeFormatterBuilder builder,
      TemporalField field,
      int count,
      int maxDigits,
      boolean fixed) {
    if (fixed) {
      builder.appendValue(field, count);
    } else {
      builder.appendValue(field, 1, Math.max(count, maxDigits), SignStyle.NOT_NEGATIVE);
    }
  }

  /**
   * Reads a time.
   *
   * @throws DateTimeException if the text is not of the pattern
   */
  long parse(String time) {
    TemporalAccessor found = formatter.parse(time);
    int year = get(found, ChronoField.YEAR, 1970);
    LocalDateTime local =
        LocalDateTime.of(
            year,
            1,
            1,
            get(found, ChronoField.HOUR_OF_DAY, get(found, ChronoField.HOUR_OF_AMPM, 0)),
            get(found, ChronoField.MINUTE_OF_HOUR, 0),
            get(found, ChronoField.SECOND_OF_MINUTE, 0),
            get(found, ChronoField.NANO_OF_SECOND, 0));
    if (found.isSupported(ChronoField.DAY_OF_YEAR)
        && !found.isSupported(ChronoField.MONTH_OF_YEAR)) {
      local = local.withDayOfYear(found.get(ChronoField.DAY_OF_YEAR));
    } else {
      local = local.withMonth(get(found, ChronoField.MONTH_OF_YEAR, 1));
      local = local.withDayOfMonth(get(found, ChronoField.DAY_OF_MONTH, 1));
    }
    ZoneId zone = found.query(TemporalQueries.zone());
    Instant instant = local.atZone(zone == null ? ZoneOffset.UTC : zone).toInstant();
    return instant.toEpochMilli();
  }

  private static int get(TemporalAccessor found, TemporalField field, int absent) {
    return found.isSupported(field) ? found.get(field) : absent;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TimePattern pattern && pattern.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
