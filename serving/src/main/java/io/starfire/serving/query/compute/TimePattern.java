package io.starfire.serving.query.compute;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of times in the letters of Joda-Time, which Druid's queries use, such as {@code
 * yyyy-MM-dd HH:mm}. Thread-safe.
 */
final class TimePattern {
  private final DateTimeFormatter formatter;
  private final ZoneId zone;

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it has a letter that stands for nothing
   */
  TimePattern(String pattern, ZoneId zone, Locale locale) {
    this.zone = zone;
    this.formatter = new Reader(pattern).formatter(locale);
  }

  /** The text of a time; null if the calendar does not reach it. */
  @Nullable String format(long millis) {
    try {
      return formatter.format(Instant.ofEpochMilli(millis).atZone(zone));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The time in a text, in milliseconds; null if it does not fit the pattern. */
  @Nullable Long parse(String text) {
    try {
      TemporalAccessor found = formatter.parse(text);
      LocalDate date = date(found);
      LocalTime time = found.query(TemporalQueries.localTime());
      ZoneId own = found.query(TemporalQueries.zone());
      return date.atTime(time == null ? LocalTime.MIDNIGHT : time)
          .atZone(own == null ? zone : own)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  /** What is missing of a date is the first: year 1970, January, day 1. */
  private static LocalDate date(TemporalAccessor found) {
    LocalDate date = found.query(TemporalQueries.localDate());
    if (date != null) {
      return date;
    }
    return LocalDate.of(
        field(found, ChronoField.YEAR, field(found, ChronoField.YEAR_OF_ERA, 1970)),
        field(found, ChronoField.MONTH_OF_YEAR, 1),
        field(found, ChronoField.DAY_OF_MONTH, 1));
  }

  private static int field(TemporalAccessor found, ChronoField field, int absent) {
    return found.isSupported(field) ? found.get(field) : absent;
  }

  /** Turns the letters into fields, one run after the other. */
  private static final class Reader {
    private static final String NUMBERS = "CYxwyDdKhHkmsS";
    private final String pattern;
    private final DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
    private int at;

    Reader(String pattern) {
      this.pattern = pattern;
    }

    DateTimeFormatter formatter(Locale locale) {
      builder.parseCaseInsensitive();
      while (at < pattern.length()) {
        char letter = pattern.charAt(at);
        if (letter == '\'') {
          quoted();
        } else if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')) {
          int from = at;
          while (at < pattern.length() && pattern.charAt(at) == letter) {
            at++;
          }
          append(letter, at - from);
        } else {
          builder.appendLiteral(letter);
          at++;
        }
      }
      return builder.toFormatter(locale).withResolverStyle(ResolverStyle.SMART);
    }

    private void quoted() {
      int end = pattern.indexOf('\'', at + 1);
      if (end < 0) {
        throw new IllegalArgumentException("a quote that is not closed");
      }
      builder.appendLiteral(end == at + 1 ? "'" : pattern.substring(at + 1, end));
      at = end + 1;
    }

    private void append(char letter, int length) {
      switch (letter) {
        case 'G' -> builder.appendText(ChronoField.ERA, TextStyle.SHORT);
        case 'y' -> year(ChronoField.YEAR, length);
        case 'Y' -> year(ChronoField.YEAR_OF_ERA, length);
        case 'x' -> year(IsoFields.WEEK_BASED_YEAR, length);
        case 'w' -> number(IsoFields.WEEK_OF_WEEK_BASED_YEAR, length, 2);
        case 'M' -> {
          if (length >= 3) {
            builder.appendText(
                ChronoField.MONTH_OF_YEAR, length == 3 ? TextStyle.SHORT : TextStyle.FULL);
          } else {
            number(ChronoField.MONTH_OF_YEAR, length, 2);
          }
        }
        case 'd' -> number(ChronoField.DAY_OF_MONTH, length, 2);
        case 'D' -> number(ChronoField.DAY_OF_YEAR, length, 3);
        case 'e' -> number(ChronoField.DAY_OF_WEEK, length, 1);
        case 'E' ->
            builder.appendText(
                ChronoField.DAY_OF_WEEK, length <= 3 ? TextStyle.SHORT : TextStyle.FULL);
        case 'a' -> builder.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
        case 'H' -> number(ChronoField.HOUR_OF_DAY, length, 2);
        case 'k' -> number(ChronoField.CLOCK_HOUR_OF_DAY, length, 2);
        case 'K' -> number(ChronoField.HOUR_OF_AMPM, length, 2);
        case 'h' -> number(ChronoField.CLOCK_HOUR_OF_AMPM, length, 2);
        case 'm' -> number(ChronoField.MINUTE_OF_HOUR, length, 2);
        case 's' -> number(ChronoField.SECOND_OF_MINUTE, length, 2);
        case 'S' ->
            builder.appendFraction(
                ChronoField.NANO_OF_SECOND, Math.min(9, length), Math.min(9, length), false);
        case 'z' -> builder.appendZoneText(length <= 3 ? TextStyle.SHORT : TextStyle.FULL);
        case 'Z' -> {
          if (length >= 3) {
            builder.appendZoneRegionId();
          } else {
            builder.appendOffset(
                length == 1 ? "+HHMM" : "+HH:MM", length == 1 ? "+0000" : "+00:00");
          }
        }
        default ->
            throw new IllegalArgumentException(
                "the letter '%s', which stands for nothing".formatted(letter));
      }
    }

    private void year(TemporalField field, int length) {
      if (length == 2) {
        builder.appendValueReduced(field, 2, 2, 1970);
      } else {
        number(field, length, 9);
      }
    }

    /** Digits that follow directly leave no room for more than the letters ask for. */
    private void number(TemporalField field, int length, int longest) {
      boolean digitsFollow = at < pattern.length() && NUMBERS.indexOf(pattern.charAt(at)) >= 0;
      int most = digitsFollow ? length : Math.max(length, longest);
      builder.appendValue(field, Math.min(19, length), Math.min(19, most), SignStyle.NORMAL);
    }
  }
}
