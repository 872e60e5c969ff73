package io.starfire.segment.ingest;

import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Reads event times as a {@link TimestampSpec} says. Dates, and times of the form {@code
 * 2026-11-20T10:00:00.123Z}, are read from their bytes. What cannot be read is rejected as
 * BAD_TIME. Immutable.
 */
final class TimeReader {
  private static final long NONE = Long.MIN_VALUE;
  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_END = 19;

  private final TimestampSpec spec;

  TimeReader(TimestampSpec spec) {
    this.spec = spec;
  }

  /** The time of a record whose field is missing or null. */
  long missing() {
    return spec.missingMillis()
        .orElseThrow(
            () ->
                RejectedRecordException.badTime(
                    "the record has no time: its field '%s' is missing or null"
                        .formatted(spec.column())));
  }

  long read(byte[] bytes, int from, int to) {
    boolean iso =
        spec.format() == TimestampSpec.Format.AUTO || spec.format() == TimestampSpec.Format.ISO;
    long millis = iso ? usualIso(bytes, from, to) : NONE;
    return millis != NONE
        ? millis
        : read(new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }

  long read(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      return missing();
    }
    try {
      return switch (spec.format()) {
        case AUTO -> isWholeNumber(trimmed) ? Long.parseLong(trimmed) : iso(trimmed);
        case ISO -> iso(trimmed);
        case PATTERN -> spec.pattern().orElseThrow().parse(trimmed);
        case POSIX, MILLIS, MICRO, NANO -> read(Long.parseLong(trimmed));
      };
    } catch (DateTimeException
        | ArithmeticException
        | NumberFormatException
        | StarfireException e) {
      throw unreadable(text);
    }
  }

  long read(long number) {
    return switch (spec.format()) {
      case AUTO, MILLIS -> number;
      case MICRO -> Math.floorDiv(number, 1_000);
      case NANO -> Math.floorDiv(number, 1_000_000);
      case POSIX -> {
        long millis = number * 1000;
        if (millis / 1000 != number) {
          throw unreadable(Long.toString(number));
        }
        yield millis;
      }
      case ISO -> throw unreadable(Long.toString(number));
      case PATTERN -> read(Long.toString(number));
    };
  }

  RejectedRecordException unreadable(String value) {
    return RejectedRecordException.badTime(
        "the time in field '%s' must be %s, got %s"
            .formatted(spec.column(), expected(), Quoted.of(value)));
  }

  private String expected() {
    return switch (spec.format()) {
      case AUTO -> "ISO-8601 text or whole milliseconds";
      case ISO -> "ISO-8601 text";
      case POSIX -> "whole seconds since 1970";
      case MILLIS -> "whole milliseconds since 1970";
      case MICRO -> "whole microseconds since 1970";
      case NANO -> "whole nanoseconds since 1970";
      case PATTERN -> "of the pattern '" + spec.pattern().orElseThrow() + "'";
    };
  }

  private static boolean isWholeNumber(String text) {
    int start = text.charAt(0) == '-' ? 1 : 0;
    // A year alone is ISO-8601 as well; Druid reads it as milliseconds, and so does this.
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() > start;
  }

  private static long iso(String text) {
    boolean spaced = text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' ';
    return Times.parse(
        spaced ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1) : text);
  }

  /** The milliseconds, or NONE if the text is not of the usual form. */
  private static long usualIso(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < DATE_LENGTH || bytes[from + 4] != '-' || bytes[from + 7] != '-') {
      return NONE;
    }
    int year = digits(bytes, from, 4);
    int month = digits(bytes, from + 5, 2);
    int day = digits(bytes, from + 8, 2);
    // Days that not every month has are left to java.time.
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31) {
      return NONE;
    }
    if (day > 28 && day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      return NONE;
    }
    long days = epochDay(year, month, day);
    if (length == DATE_LENGTH) {
      return days * 86_400_000L;
    }
    return timeOfDay(bytes, from, to, days);
  }

  private static long timeOfDay(byte[] bytes, int from, int to, long days) {
    int length = to - from;
    boolean shaped =
        length >= SECONDS_END
            && (bytes[from + 10] == 'T' || bytes[from + 10] == ' ')
            && bytes[from + 13] == ':'
            && bytes[from + 16] == ':';
    if (!shaped) {
      return NONE;
    }
    int hour = digits(bytes, from + 11, 2);
    int minute = digits(bytes, from + 14, 2);
    int second = digits(bytes, from + 17, 2);
    boolean ranged =
        hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
    int end = bytes[to - 1] == 'Z' ? to - 1 : to;
    int millis = ranged ? fraction(bytes, from + SECONDS_END, end) : -1;
    return millis < 0
        ? NONE
        : ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000L + millis;
  }

  /** The decimals, cut to three, or -1. */
  private static int fraction(byte[] bytes, int from, int end) {
    if (from == end) {
      return 0;
    }
    if (bytes[from] != '.' || end == from + 1 || end > from + 10) {
      return -1;
    }
    int millis = 0;
    for (int i = 0; i < 9; i++) {
      int digit = from + 1 + i < end ? bytes[from + 1 + i] - '0' : 0;
      if (digit < 0 || digit > 9) {
        return -1;
      }
      millis = i < 3 ? millis * 10 + digit : millis;
    }
    return millis;
  }

  /** Days since 1970-01-01 in the proleptic Gregorian calendar, for years from 0 on. */
  private static long epochDay(int year, int month, int day) {
    // The year begins in March, so that the leap day is its last.
    int shifted = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(shifted, 400);
    int yearOfEra = shifted - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468;
  }

  private static int digits(byte[] bytes, int from, int count) {
    int number = 0;
    for (int i = from; i < from + count; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
