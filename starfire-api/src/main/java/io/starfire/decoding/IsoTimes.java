package io.starfire.decoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.time.LocalDate;

/**
 * Reads ISO-8601 times. Nearly all producers write {@code 2026-11-20} or {@code
 * 2026-11-20T10:00:00.123Z}, with any number of decimals and a T or a space. These usual forms are
 * read from their bytes; java.time's formatter would take most of the time of decoding an event.
 */
final class IsoTimes {
  /** The text does not have a usual form. */
  static final long NONE = Long.MIN_VALUE;

  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_END = 19;

  private IsoTimes() {}

  /** The milliseconds of a text of any ISO-8601 form, without blanks at its ends. */
  static long millis(String text) {
    long millis = usualMillis(text);
    if (millis != NONE) {
      return millis;
    }
    boolean spaced = text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' ';
    try {
      return Times.parse(
          spaced ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1) : text);
    } catch (StarfireException e) {
      throw new DecodingFailure("text %s is not an ISO-8601 time".formatted(Quoted.of(text)), e);
    }
  }

  /** The same for text. */
  static long usualMillis(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return usualMillis(bytes, 0, bytes.length);
  }

  /** The milliseconds, or NONE if the text is not of the usual form. */
  static long usualMillis(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < DATE_LENGTH || bytes[from + 4] != '-' || bytes[from + 7] != '-') {
      return NONE;
    }
    int year = digits(bytes, from, 4);
    int month = digits(bytes, from + 5, 2);
    int day = digits(bytes, from + 8, 2);
    // java.time checks days that not every month has.
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

  /** The decimals, cut to three; -1 if they are malformed. */
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
